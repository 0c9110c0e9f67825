"""A launcher that was stopped, and an application that stopped itself, still end whole."""
from support import *

process = subprocess.Popen([*MINIMAL, "--", "/bin/sh", "-c", "kill -STOP $$; sleep 600"])
number = started(process, "sh")
wait_until("it stopped", lambda: status_of(number).get("State", "").startswith("T"))
process.send_signal(signal.SIGTERM)
process.send_signal(signal.SIGKILL)
process.wait(10)
no_survivors()
process = subprocess.Popen([*MINIMAL, "--", "/usr/bin/sleep", "600"])
started(process, "sleep")
process.send_signal(signal.SIGSTOP)
wait_until("the launcher stopped", lambda: status_of(process.pid)["State"].startswith("T"))
process.kill()
process.wait(10)
no_survivors()
