"""io.max holds: what may write a mebibyte a second takes the time that this says, its twin without a limit a fraction of that."""
from manager import *

FOLDER = os.path.join(HOME, "written")
os.makedirs(FOLDER, exist_ok=True)
device = os.stat(FOLDER).st_dev
NUMBER = f"{os.major(device)}:{os.minor(device)}"
MEGABYTES = 4


def seconds(name, *options):
    """How long the app writes past the page cache, and its figures afterwards."""
    script = f"dd if=/dev/zero of={FOLDER}/{name} bs=256k count={MEGABYTES * 4} oflag=direct 2>&1 | tail -n 1; exec sleep 600"
    with running(name, "/bin/sh", "-c", script, options=["--bind", f"{FOLDER}:{FOLDER}:rw", *options]) as process:
        line = process.stdout.readline()
        check("copied, " in line, f"{name} wrote: {line!r}")
        figures = json.loads(succeeds(verb("stats", "--json", name), "stats"))
        leaf = os.path.join(json.loads(verb("state", name).stdout)["cgroup"], "app")
        limit = read(leaf, "io.max")
        succeeds(verb("kill", "--all", name), "kill")
    wrote = figures["io.stat"][NUMBER]["wbytes"]
    check(wrote >= MEGABYTES << 20, f"{name}: {wrote} bytes are counted of {figures['io.stat']}")
    return float(re.search(r"copied, ([0-9.]+) s", line)[1]), limit


free, limit = seconds("free")
equal(limit, "", "the limit of the twin")
held, limit = seconds("held", "--set", f'limits."io.max"="{NUMBER} wbps=1048576"')
equal(limit, f"{NUMBER} rbps=max wbps=1048576 riops=max wiops=max", "io.max")
check(held >= 0.7 * MEGABYTES, f"{MEGABYTES} MB at 1 MB/s took {held} s")
check(held >= 2 * free, f"held back: {held} s, without a limit {free} s")
nothing_left()
