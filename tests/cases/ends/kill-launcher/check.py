"""SIGKILL of what was started, and of each process of ours below it: nothing survives."""
from support import *

for depth in range(3):
    process = subprocess.Popen([*MINIMAL, "--", "/bin/sh", "-c", "sleep 600 & setsid sleep 600 & exec sleep 600"])
    wait_until("three sleeps", lambda: list(descendants(process.pid).values()).count("sleep") == 3)
    ours = [process.pid] + [number for number, name in descendants(process.pid).items() if name.startswith("sandbox")]
    if depth < len(ours):
        os.kill(ours[depth], signal.SIGKILL)
        status = process.wait(10)
        check(status in (-9, 137, 125), f"status {status} after the kill of process {depth} of {len(ours)}")
    else:
        process.kill()
        process.wait(10)
    no_survivors()
