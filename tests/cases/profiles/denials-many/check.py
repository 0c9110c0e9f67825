"""Numbers that are no calls cost the watcher of denials nothing, however many there are."""
from support import *

works()
CALLS = "import ctypes; call = ctypes.CDLL(None).syscall; [call(100000 + number) for number in range(120000)]; print('asked', flush=True); input()"
with subprocess.Popen([*MINIMAL, "--log-denials", "--", "/usr/bin/python3", "-c", CALLS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
    equal(process.stdout.readline(), "asked\n", "the app's first word")
    with open(f"/proc/{process.pid}/status") as file:
        most = int(re.search(r"VmHWM:\s+(\d+) kB", file.read())[1])
    process.communicate("\n", timeout=60 * PATIENCE)
check(most < 16384, f"the watcher grew to {most} KiB")
