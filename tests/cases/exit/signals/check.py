"""A signal that ends the application becomes 128+N."""
from support import *

# The kernel does not end a process by these.
harmless = {signal.SIGCHLD, signal.SIGCONT, signal.SIGURG, signal.SIGWINCH, signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN,
            signal.SIGTTOU}
for number in list(range(1, 32)) + [34, 64]:
    if number not in harmless:
        done = run(*PROBING, "--", PROBE, "signal", str(number))
        equal((done.returncode, done.stdout, done.stderr), (128 + number, "", ""), f"signal {number}")
