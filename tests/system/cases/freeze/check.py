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
    # Whatever goes wrong once it was asked to freeze, it is thawed: the file cannot be read, or says nothing for ten seconds.
    if os.path.exists("/usr/bin/strace"):
        for fault, needle in (("lseek:error=EIO", "cannot watch the control group"), ("read:error=EIO", "Input/output error"), ("read:retval=0", "did not freeze in time")):
            log = os.path.join(HOME, "trace")
            done = run("strace", "-qq", "-o", log, "-P", f"{leaf}/cgroup.events", "-P", f"{leaf}/cgroup.freeze", "-e", f"inject={fault}", SANDBOX, "pause", "cold", timeout=60)
            one_error(done, 125, needle)
            written = re.findall(r'write\(\d+, "([01])"', open(log).read())
            equal(written, ["1", "0"], f"frozen, and thawed after {fault}")
            wait_until("it is thawed", lambda: "frozen 0" in read(leaf, "cgroup.events"))
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
