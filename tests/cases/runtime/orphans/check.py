"""Process 1 reaps what is orphaned; signals reach the app; its status, or 128 and the signal, is ours."""
from runtime.helpers import *

script = "import os, time\n" \
    "for _ in range(50):\n" \
    "  if os.fork() == 0:\n" \
    "    if os.fork() == 0: os._exit(0)\n" \
    "    os._exit(0)\n" \
    "  os.wait()\n" \
    "def state(n):\n" \
    "  try: return open(f'/proc/{n}/stat').read().rsplit(')', 1)[1].split()[0]\n" \
    "  except OSError: return ''\n" \
    "def zombies(): return [n for n in os.listdir('/proc') if n.isdigit() and state(n) == 'Z']\n" \
    "for _ in range(200):\n" \
    "  if not zombies(): break\n" \
    "  time.sleep(0.01)\n" \
    "print(zombies(), sorted(n for n in os.listdir('/proc') if n.isdigit())[0])\n"
says(with_profile("", "/usr/bin/python3", "-c", script), "[] 1\n", "zombies")
for status in (0, 1, 42, 125, 126, 127, 255):
    equal(with_profile("", "/bin/sh", "-c", f"exit {status}").returncode, status, "the exit status")
for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGUSR1, 34, 64):
    equal(with_profile("", "/bin/sh", "-c", f"kill -{int(number)} $$").returncode, 128 + int(number), f"signal {int(number)}")
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGQUIT):
    process = subprocess.Popen([*MINIMAL, "--", "/bin/sh", "-c", f"trap 'echo got; exit 3' {int(number)}; echo ready; while :; do sleep 0.05; done"], stdout=subprocess.PIPE, text=True)
    equal(process.stdout.readline(), "ready\n", "the app")
    process.send_signal(number)
    equal((process.communicate(timeout=10)[0], process.returncode), ("got\n", 3), f"signal {int(number)} to the launcher")
    no_survivors()
