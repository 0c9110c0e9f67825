"""A limit whose controller is not delegated is told, and named with its cure; a required one stops the start."""
from manager import *

rows = (("memory.max", "100M", "104857600"), ("pids.max", "50", "50"), ("cpu.max", "50%", "50000 100000"))
there = read(GROUPS, "cgroup.controllers").split()
for name, value, written in rows:
    controller = name.split(".")[0]
    key = f'limits."{name}"="{value}"'
    with running("limited", "/bin/sleep", "60", options=["--set", key]) as process:
        leaf = os.path.join(json.loads(verb("state", "limited").stdout)["cgroup"], "app")
        if controller in there:
            equal(read(leaf, name), written, name)
        else:
            check(not os.path.exists(os.path.join(leaf, name)), f"{name} is there after all")
        verb("kill", "--all", "limited")
        _, said = process.communicate(timeout=10)
        if controller in there:
            equal(said, "", "warnings")
        else:
            check(controller in said and "not in force" in said and "Delegate=" in said, f"the warning: {said!r}")
    done = run(*MINIMAL, "--set", key, "--set", "limits.required=\"true\"", "--", "/bin/echo", "started")
    if controller in there:
        equal(done.stdout, "started\n", done.stderr)
    else:
        one_error(done, 125, "limits are required", controller, "Delegate=")

# A controller that is there and that the kernel does not let be handed down: told with the limit that it was for, or no start.
TRACE, REPORT = os.path.join(os.path.dirname(PROBE), "trace"), os.path.join(HOME, "traced.json")


def traced(actions, *options):
    """A start under the tracer; what came of it, and each opening of the file that hands controllers down."""
    done = run(TRACE, "--grace", "20000", "--limit", "120000", "--output", REPORT, *actions, "--", *MINIMAL, "--set", 'limits."memory.max"="100M"', *options, "--", "/bin/echo", "started", timeout=200)
    with open(REPORT) as file:
        return done, [stop["stop"] for stop in json.load(file)["stops"] if stop["process"] == "sandbox-helper" and "cgroup.subtree_control" in stop["paths"]]


if "memory" in there:
    done, stops = traced([])
    equal((done.returncode, done.stdout, done.stderr), (0, "started\n", ""), "a traced start")
    check(3 <= len(stops) <= len(there), f"one controller after the other: {stops}")
    refused = [word for stop in stops for word in ("--fail", stop, "EBUSY")]
    done, _ = traced(refused)
    equal((done.returncode, done.stdout), (0, "started\n"), f"best effort: {done.stderr}")
    check(re.fullmatch(r"sandbox: warning: [^\n]*cannot write '\+memory' to 'cgroup.subtree_control'[^\n]*without it 'memory.max' limits nothing\n", done.stderr), f"the warning: {done.stderr!r}")
    done, _ = traced(refused, "--set", 'limits.required="true"')
    equal(done.stdout, "", "started without a limit that is required")
    one_error(done, 125, "'+memory'", "without it 'memory.max' limits nothing")
nothing_left()
