"""Closed descriptors 0-2 neither stop the start nor come to mean one of ours."""
from support import *

for closed in ("<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"):
    done = run("/bin/sh", "-c", f'"$SANDBOX" run --profile minimal -- /bin/sh -c "exit 7" {closed}')
    equal(done.returncode, 7, f"status with {closed}")
done = run("/bin/sh", "-c", '"$SANDBOX" run --profile minimal --bind "$PROBE" -- "$PROBE" <&-')
equal((done.returncode, done.stderr), (0, ""), "the probe with a closed stdin")
document = json.loads(done.stdout)
check(set(document["fds"]) <= {"0", "1", "2"}, f"descriptors: {document['fds']}")
check(document["fds"].get("0", "/dev/null") == "/dev/null", f"descriptor 0 is {document['fds']['0']}")
