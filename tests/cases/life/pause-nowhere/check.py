"""Without a control group nothing is frozen, signalled, limited or counted by group: a clear error, and the app goes on; kill --all ends it."""
from life.helpers import *

with running("alone", "/bin/sleep", "60"):
    state = json.loads(verb("state", "alone").stdout)
    if state["cgroup"] == "":
        for words in (("pause",), ("resume",), ("update", "--pids", "5"), ("events",), ("oom",)):
            one_error(verb(*words, "alone"), 125, "has no control group; start it below a systemd user manager; see sandbox doctor")
        one_error(verb("kill", "--all", "-s", "TERM", "alone"), 125, "has no control group to signal every process by; sandbox kill -s KILL alone ends them all")
        equal(json.loads(verb("state", "alone").stdout)["status"], "running", "the app")
        done = verb("stats", "--json", "alone")
        check("no control group" in done.stderr and "network alone" in done.stderr, f"stats without a group: {done.stderr!r}")
        figures = json.loads(done.stdout)
        equal((figures["instance"], set(figures) <= {"instance", "time", "network"}), ("alone", True), f"stats without a group: {figures}")
        equal(verb("top").stdout.splitlines()[1].split()[:2], ["alone", "running"], "top without a group")
        succeeds(verb("kill", "--all", "alone"), "kill --all, which needs no group")
        wait_until("it ends", lambda: verb("state", "alone").returncode != 0)
    else: # a host that delegates: then it is frozen, and says so
        succeeds(verb("pause", "alone"), "pause")
        check("paused" in verb("ps").stdout, "ps of a paused one")
        succeeds(verb("resume", "alone"), "resume")
no_survivors()
