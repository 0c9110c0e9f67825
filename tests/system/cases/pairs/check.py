"""A socket pair that cannot be had, in either half, is one error and leaves nothing; both ends of one that can speak."""
from manager import *


def injected(number):
    return run("strace", "-f", "-qq", "-e", "trace=socketpair", "-e", f"inject=socketpair:error=ENFILE:when={number}", "-o", os.path.join(HOME, "trace"),
               SANDBOX, "run", "--profile", "minimal", "--id", "paired", "--", "/bin/cat", stdin=None, input="through\n", timeout=100)


for number in (1, 2):  # process 1's first, towards the app; the supervisor's, after the launcher's
    done = injected(number)
    with open(os.path.join(HOME, "trace")) as file:
        check("(INJECTED)" in file.read(), f"the control: no pair {number} was asked for")
    one_error(done, 125, "socketpair", "Too many open files in system")
    nothing_left()
done = injected(9)
equal((done.returncode, done.stdout, done.stderr), (0, "through\n", ""), "the control: with every pair")
nothing_left()
