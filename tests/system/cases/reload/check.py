"""daemon-reload and daemon-reexec in mid-run leave limits, leaves and the app as they are."""
from manager import *

with running("reloaded", "/bin/sleep", "600", options=["--memory", "100M", "--pids", "30", "--cpus", "0.5", "--set", "limits.required=\"off\""]):
    with running("steady", "/bin/sleep", "600", options=["--set", 'limits."memory.max"="100M"', "--set", 'limits."pids.max"="30"']) as steady:
        state = json.loads(verb("state", "steady").stdout)
        leaf = os.path.join(state["cgroup"], "app")
        files = [name for name in ("memory.max", "pids.max", "cpu.max") if os.path.exists(os.path.join(leaf, name))]
        look = lambda: [read(folder, name) for folder in (leaf, state["cgroup"]) for name in (*files, "cgroup.type", "cgroup.subtree_control")]
        if "pids.max" in files:
            equal(read(leaf, "pids.max"), "30", "the control: the limit is in force")
            succeeds(verb("update", "--pids", "25", "steady"), "update")
            equal(read(leaf, "pids.max"), "25", "the updated limit")
        before = look()
        for word in ("daemon-reload", "daemon-reexec"):
            done = run("systemctl", "--user", word)
            equal(done.returncode, 0, f"{word}: {done.stderr}")
            wait_until("the manager answers", lambda: show(state["unit"], "ActiveState").get("ActiveState") == "active")
            equal(look(), before, f"limits after {word}")
            equal(group_of(state["app-pid"]).rsplit("/", 2)[1:], [state["unit"], "app"], f"the app's group after {word}")
            succeeds(verb("pause", "steady"), "pause")
            succeeds(verb("resume", "steady"), "resume")
        succeeds(verb("kill", "--all", "steady"), "kill")
        equal(steady.wait(30), 137, "the status")
nothing_left()
