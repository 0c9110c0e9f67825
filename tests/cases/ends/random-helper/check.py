"""SIGKILL to a random process of the sandbox at a random moment of the start: nothing survives, nothing hangs."""
from support import *
import random

works()

seed = random.randrange(1 << 32)
random.seed(seed)
for turn in range(100):
    process = subprocess.Popen([*MINIMAL, "--", "/usr/bin/sleep", "600"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(random.random() * 0.02)
    below = list(descendants(process.pid)) or [process.pid]
    victim = random.choice(below)
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:
        pass
    try:
        status = process.wait(10)
    except subprocess.TimeoutExpired:
        fail(f"turn {turn} (seed {seed}): hangs after the kill of {victim} of {below}: {own_processes()}")
    check(status in (-9, 137, 125), f"turn {turn} (seed {seed}): status {status}")
    no_survivors()
