"""INT, TERM and HUP to the launcher end the application by the same signal; it may catch them."""
from support import *

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    process = subprocess.Popen([*MINIMAL, "--", "/usr/bin/sleep", "600"])
    started(process, "sleep")
    process.send_signal(number)
    status = process.wait(10)
    check(status in (128 + number, -number), f"status {status} after {number.name}")
    no_survivors()
    text = f"import os, signal, time\nsignal.signal({int(number)}, lambda *_: os._exit(44))\nprint('READY', flush=True)\nwhile True: time.sleep(0.05)" # a signal just before a long sleep would wait for its end
    process = subprocess.Popen([*MINIMAL, "--", "/usr/bin/python3", "-c", text], stdout=subprocess.PIPE, text=True)
    equal(process.stdout.readline(), "READY\n", "the application")
    process.send_signal(number)
    equal(process.wait(10), 44, f"status of its own end by {number.name}")
    process.stdout.close()
    no_survivors()
