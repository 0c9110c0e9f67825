"""At steps of a start with a scope one process of ours, or all, is killed: after the next verb no unit, group, record, process or mount is left.

check.py [--all]: every pair of a step and a victim, which takes hours; else some sixty, spread over the whole start.
"""
import collections

from manager import *

TRACE = os.path.join(os.path.dirname(PROBE), "trace")
OURS = ("sandbox", "sandbox-session", "sandbox-helper", "sandbox-helper.1", "sandbox-helper.1.1")
EACH = 10 # steps at which each victim is killed
REPORT = os.path.join(HOME, "traced.json")


def traced(*action):
    """A start under the tracer; the process, and what was seen of it."""
    done = run(TRACE, "--grace", "20000", "--limit", "60000", "--output", REPORT, *action, "--", SANDBOX, "run", "--profile", "minimal", "--id", "stepped", "--",
               "/bin/sh", "-c", "exit 7", timeout=120)
    with open(REPORT) as file:
        return done, json.load(file)


def mounts():
    with open("/proc/self/mountinfo") as file:
        return collections.Counter(line.split()[4] for line in file)


before = mounts()
done, seen = traced()
equal((done.returncode, done.stderr), (7, ""), "the start that is to be broken")
check(set(OURS) <= set(seen["processes"]), f"all of ours are followed: {seen['processes']}")
nothing_left()
# The control: what is left is seen.
os.mkdir(os.path.join(RECORDS, "invented"), 0o700)
check(os.listdir(RECORDS) == ["invented"], "a record is seen")
os.rmdir(os.path.join(RECORDS, "invented"))
works()

stops = [stop for stop in seen["stops"] if stop["process"] in OURS]
for name in OURS:
    check(any(stop["process"] == name for stop in stops), f"no step of {name}")
# Who was there at a step, as far as the order of several processes is one.
places = {name: [index for index, stop in enumerate(stops) if stop["process"] == name] for name in OURS}
pairs, chosen = [], []
for number, victim in enumerate(("", *OURS)):
    own = [(stop["stop"], victim) for index, stop in enumerate(stops) if not victim or places[victim][0] <= index <= places[victim][-1]]
    stride = 1 if "--all" in sys.argv else max(1, len(own) // EACH)
    pairs += own
    chosen += own[number * stride // (len(OURS) + 1)::stride]
ways = dict.fromkeys(("ended by it", "ended before", "nobody there"), 0)
for stop, victim in chosen:
    done, seen = traced(*(("--kill", stop, victim) if victim else ("--stop", stop)))
    what = f"{victim or 'all'} killed at {stop}"
    equal(seen["survivors"], [], f"{what}: survivors")
    act = seen["actions"][0]
    hit = act["done"] and act["result"] == 0
    ways["nobody there" if not hit else "ended before" if done.returncode == 7 else "ended by it"] += 1
    # 7: the app was quicker, or the session's part was played. 125: an error of ours, of one line; 137: whoever was killed.
    check(seen["status"] in (7, 125, 137), f"{what}: status {seen['status']}, stderr {done.stderr!r}")
    lines = [line for line in done.stderr.splitlines() if not line.startswith("sandbox: warning: ")]
    check(len(lines) <= 1 and all(line.startswith("sandbox: ") for line in lines), f"{what}: {done.stderr!r}")
    try:
        nothing_left()
    except SystemExit as left:
        fail(f"{what}: {left}")
    check(not mounts() - before, f"{what}: mounts {mounts() - before}")
check(ways["ended by it"] > len(chosen) // 2, f"the kills were no kills: {ways}")
print(f"{len(chosen)} of {len(pairs)} pairs of a step and a victim: {ways}")
