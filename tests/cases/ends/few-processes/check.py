"""No more processes for this user: one line, 125, nothing left."""
from support import *
import resource

works()

def limited():
    resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
done = run(*MINIMAL, "--", "/bin/true", preexec_fn=limited)
one_error(done, 125)
no_survivors()
