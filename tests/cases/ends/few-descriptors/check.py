"""Hardly any descriptors: it runs, or one line says why not; it never hangs or leaves anything."""
from support import *

works()

for limit in (3, 4, 5, 6, 7, 8, 10, 12, 16, 32):
    done = run("/bin/sh", "-c", f'ulimit -n {limit}; exec "$SANDBOX" run --profile minimal -- /bin/sh -c "exit 17"')
    if done.returncode == 17:
        equal(done.stderr, "", f"stderr with {limit} descriptors")
    else:
        check(done.returncode in (125, 126, 127), f"status {done.returncode} with {limit} descriptors: {done.stderr!r}")
        if limit > 4:
            check(done.stderr.startswith("sandbox: ") and len(done.stderr.splitlines()) == 1, f"with {limit} descriptors: {done.stderr!r}")
    no_survivors()
done = run("/bin/sh", "-c", 'ulimit -n 10; exec "$SANDBOX" run --profile minimal -- /bin/sh -c "exit 17"')
check(done.returncode in (17, 125), f"status with 10 descriptors: {done.returncode} {done.stderr!r}")
