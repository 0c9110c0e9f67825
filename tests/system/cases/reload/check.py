"""daemon-reload and daemon-reexec in mid-run leave limits, leaves and the app as they are."""
from manager import *


def without_delegation():
    """The control (CVE-2020-27352): a scope that is not delegated, with limits written below it as we write ours. What a reload leaves of them."""
    process = subprocess.Popen(["systemd-run", "--user", "--scope", "--quiet", "--unit=undelegated.scope", "--property=TasksMax=64", "/bin/sleep", "600"])
    wait_until("the scope", lambda: show("undelegated.scope", "ActiveState").get("ActiveState") == "active" and "undelegated" in group_of(process.pid))
    group = GROUPS + group_of(process.pid)
    if "pids" in read(group, "cgroup.controllers"):
        os.mkdir(f"{group}/app")
        for path, text in (("app/cgroup.procs", str(process.pid)), ("cgroup.subtree_control", "+pids"), ("app/pids.max", "30")):
            with open(f"{group}/{path}", "w") as file:
                file.write(text)
        equal(read(group, "app/pids.max"), "30", "a limit below a scope that is not delegated")
        run("systemctl", "--user", "daemon-reload")
        wait_until("the control: the limit below a scope that is not delegated is lost", lambda: not os.path.exists(f"{group}/app/pids.max"))
        print("a scope that is not delegated loses its limits at a reload")
    process.kill()
    process.wait()
    wait_until("the end of the scope", lambda: show("undelegated.scope", "ActiveState").get("ActiveState") != "active")


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
        without_delegation()
        equal(look(), before, "limits after the reload of the control")
        succeeds(verb("kill", "--all", "steady"), "kill")
        equal(steady.wait(30), 137, "the status")
nothing_left()
