"""Little address space: it runs, or ends with an error; nothing is left."""
from support import *
import resource

works()

for size in (4, 8, 16, 32, 64):
    def limited():
        resource.setrlimit(resource.RLIMIT_AS, (size << 20, size << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    done = run(*MINIMAL, "--", "/bin/true", preexec_fn=limited)
    check(done.returncode in (0, 125, 126, 127, 134, -6, -9, -11, 139), f"status with {size} MB: {done.returncode} {done.stderr!r}")
    no_survivors()
