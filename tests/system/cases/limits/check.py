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
nothing_left()
