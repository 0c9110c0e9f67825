"""What A47 does under the manager."""
from manager import *

LIMITS = {"memory.max": "200M", "memory.high": "150M", "pids.max": "64", "cpu.weight": "50"}
options = [word for name, value in LIMITS.items() for word in ("--set", f'limits."{name}"={json.dumps(value) if not value.isdigit() else value}')]
PROPERTIES = ("MemoryMax", "MemoryHigh", "TasksMax", "CPUWeight", "ControlGroup", "Delegate", "ActiveState")


def files(group):
    """Every setting of the group and what is below it, and who is in it."""
    found = {}
    for parent, _, names in os.walk(group):
        for name in names:
            if name.endswith((".max", ".high", ".low", ".weight", ".procs", ".freeze", ".subtree_control", ".type", ".oom.group")):
                try:
                    found[os.path.relpath(os.path.join(parent, name), group)] = read(parent, name)
                except OSError:
                    pass
    return found


with running("reloaded", "/bin/sh", "-c", "sleep 100 & exec sleep 100", options=options):
    state = json.loads(verb("state", "reloaded").stdout)
    group = state["cgroup"]
    unit = state["unit"]
    wait_until("process 1, the shell and what it starts", lambda: len(read(group, "app/cgroup.procs").split()) >= 3)
    before, shown = files(group), show(unit, *PROPERTIES)
    check(shown["MemoryMax"] != "infinity" and shown["TasksMax"] == "64", f"the manager's view: {shown}")
    for _ in range(5):
        done = run("systemctl", "--user", "daemon-reload")
        equal(done.returncode, 0, f"daemon-reload: {done.stderr}")
        equal(files(group), before, "the files of the group")
        equal(show(unit, *PROPERTIES), shown, "what the manager knows")
    run("systemctl", "--user", "daemon-reexec", timeout=30)
    wait_until("the manager again", lambda: run("systemctl", "--user", "is-system-running").stdout.strip() in ("running", "degraded"))
    equal(files(group), before, "the files of the group, after daemon-reexec")
    equal(show(unit, *PROPERTIES), shown, "what the manager knows, after daemon-reexec")
    equal(verb("exec", "reloaded", "--", "/bin/echo", "still joined").stdout, "still joined\n", "a guest")
    print("held")
    # A change is seen by the same means. Limits that a reload takes are seen where the kernel has their controllers: in the
    # emulated machine, tests/system/cases/reload.
    run("systemctl", "--user", "set-property", "--runtime", unit, "TasksMax=32")
    check(show(unit, *PROPERTIES) != shown, "the control: a limit was changed, and nothing was seen")
    print("seen")
    verb("kill", "--all", "reloaded")
nothing_left()
