"""pause freezes every process and says so; resume thaws; a frozen sandbox can be killed; nothing is left."""
from manager import *

counting = "n=0; (while :; do sleep 60; done) & while :; do n=$((n + 1)); echo $n >/tmp/count; sleep 0.01; done"
with running("cold", "/bin/sh", "-c", counting) as process:
    count = lambda: int(verb("exec", "cold", "--", "/bin/cat", "/tmp/count").stdout or 0)
    state = json.loads(verb("state", "cold").stdout)
    leaf = os.path.join(state["cgroup"], "app")
    wait_until("the app counts", lambda: count() > 3)
    succeeds(verb("pause", "cold"), "pause")
    equal(read(leaf, "cgroup.events").split(), ["populated", "1", "frozen", "1"], "the group's events")
    check("paused" in verb("ps").stdout.splitlines()[1], "ps of a paused one")
    succeeds(verb("pause", "cold"), "pause again")
    ticks = lambda: [read("/proc", pid, "stat").rsplit(")", 1)[1].split()[11:13] for pid in read(leaf, "cgroup.procs").split()]
    before = ticks()
    time.sleep(0.3)
    equal(ticks(), before, "the processor time of the frozen")
    succeeds(verb("resume", "cold"), "resume")
    check("running" in verb("ps").stdout.splitlines()[1], "ps of a resumed one")
    now = count()
    wait_until("the app goes on", lambda: count() > now)
    equal(len(read(leaf, "cgroup.procs").split()) >= 4, True, "process 1, the app, its child")
    succeeds(verb("kill", "--all", "--signal", "USR2", "cold"), "a signal to all") # ends the shell, whose trap is the default
    equal(process.wait(10), 140, "the status")
with running("cold", "/bin/sh", "-c", counting) as process:
    succeeds(verb("pause", "cold"), "pause")
    succeeds(verb("kill", "--all", "cold"), "kill of a frozen one")
    equal(process.wait(10), 137, "the status")
nothing_left()
