"""A signal to the launcher at any moment of the start: nothing survives, the status is ours or the signal's."""
from support import *
import random

works()

seed = random.randrange(1 << 32)
random.seed(seed)
for number, rounds in ((signal.SIGKILL, 120), (signal.SIGTERM, 50), (signal.SIGINT, 50), (signal.SIGHUP, 50)):
    for turn in range(rounds):
        process = subprocess.Popen([*MINIMAL, "--", "/usr/bin/sleep", "600"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        delay = random.random() * 0.025
        time.sleep(delay)
        process.send_signal(number)
        try:
            _, said = process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            fail(f"{number.name} after {delay * 1000:.2f} ms (seed {seed}): still there: {own_processes()}")
        allowed = (-9,) if number == signal.SIGKILL else (-number, 128 + number, 125)
        check(process.returncode in allowed, f"{number.name} after {delay * 1000:.2f} ms (seed {seed}): status {process.returncode} {said!r}")
        check(len(said.splitlines()) <= 1, f"{number.name} after {delay * 1000:.2f} ms: {said!r}")
        left = own_processes()
        deadline = time.monotonic() + 5
        while left and time.monotonic() < deadline:
            time.sleep(0.005)
            left = own_processes()
        check(not left, f"{number.name} after {delay * 1000:.2f} ms (seed {seed}): survivors {left}")
