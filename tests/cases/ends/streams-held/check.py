"""A daemon that holds the output pipe does not keep the caller waiting."""
from support import *

began = time.monotonic()
done = minimal("/bin/sh", "-c", "setsid sleep 600 & echo out; exit 3")
equal((done.returncode, done.stdout), (3, "out\n"), "status and output")
check(time.monotonic() - began < 5, "the pipe stayed open")
no_survivors()
