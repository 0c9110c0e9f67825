"""The scope: named after the instance, in app.slice, delegated; the app is born in its leaf, the supervisor stands beside it."""
from manager import *

with running("a-b.c_d", "/bin/sleep", "60", options=["--bind", PROBE]):
    state = json.loads(verb("state", "a-b.c_d").stdout)
    unit = r"app-sandbox-a\x2db.c_d.scope"
    equal(state["unit"], unit, "the unit")
    found = show(unit, "Slice", "Delegate", "ActiveState", "ControlGroup", "Description", "CollectMode")
    equal((found["Slice"], found["Delegate"], found["ActiveState"], found["CollectMode"]), ("app.slice", "yes", "active", "inactive-or-failed"), "the scope")
    check("minimal" in found["Description"], f"description: {found['Description']}")
    equal(GROUPS + found["ControlGroup"], state["cgroup"], "the group of the record")
    equal(group_of(state["app-pid"]), found["ControlGroup"] + "/app", "the app's group")
    equal(group_of(state["supervisor-pid"]), found["ControlGroup"] + "/supervisor", "the supervisor's group")
    equal(read(state["cgroup"], "cgroup.procs"), "", "processes beside the leaves")
    # What made the sandbox rests: little of it stays in memory, and nobody speaks with the bus any more.
    equal(read(state["cgroup"], "supervisor/cgroup.procs").split(), [str(state["supervisor-pid"])], "beside the app")
    maps = read("/proc", str(state["supervisor-pid"]), "maps")
    # The launcher goes on by itself, or as a sealed copy of the helper where somebody beside root may write its file.
    check(("/bin/sandbox" in maps or "/memfd:sandbox-helper" in maps) and "glib" not in maps, f"the supervisor's programs: {maps}")
    resident = lambda: int(next(line.split()[1] for line in read("/proc", str(state["supervisor-pid"]), "smaps_rollup").splitlines() if line.startswith("Rss:")))
    wait_until("the supervisor rests", lambda: resident() < 600, 30)
    check(not any(command_of(pid).startswith("sandbox-sess") for pid in filter(str.isdigit, os.listdir("/proc"))), "sandbox-session stays")
    # Inside, the leaf is the root of what can be seen, and no control group can be reached at all.
    equal(verb("exec", "a-b.c_d", "--", "/bin/sh", "-c", "grep ^0:: /proc/self/cgroup; ls -d /sys/fs/cgroup/*").stdout, "0::/\n", "the app's view")
equal(succeeds(run(*MINIMAL, "--id", "quick", "--", "/bin/echo", "said"), "a start"), "said\n", "a start")
nothing_left()
# The name is taken: said, and the app runs without a scope; a required limit would stop it.
holder = subprocess.Popen(["systemd-run", "--user", "--scope", "--quiet", "--unit", "app-sandbox-taken.scope", "/bin/sleep", "30"])
wait_until("the other scope", lambda: show("app-sandbox-taken.scope", "ActiveState")["ActiveState"] == "active")
done = run(*MINIMAL, "--id", "taken", "--", "/bin/echo", "said")
equal((done.returncode, done.stdout), (0, "said\n"), f"a taken name: {done.stderr}")
check("there is no scope" in done.stderr and "app-sandbox-taken.scope" in done.stderr, f"a taken name: {done.stderr!r}")
holder.terminate()
holder.wait(10)
nothing_left()
