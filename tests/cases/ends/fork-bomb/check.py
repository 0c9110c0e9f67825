"""Hundreds of processes that ignore every signal end with the sandbox."""
from support import *

text = 'import os, signal, time\nfor n in range(1, 65):\n try: signal.signal(n, signal.SIG_IGN)\n except (OSError, ValueError): pass\n' \
    'for n in range(200):\n if os.fork() == 0:\n  if n % 2: os.setsid()\n  break\nelse: print("READY", flush=True)\ntime.sleep(600)\n'
process = subprocess.Popen([*MINIMAL, "--", "/usr/bin/python3", "-c", text], stdout=subprocess.PIPE, text=True)
equal(process.stdout.readline(), "READY\n", "its word")
check(len(own_processes()) > 200, "they do not run")
process.kill()
process.wait(10)
no_survivors(10)
