"""Without a control group nothing is frozen or killed by group: a clear error, and the app goes on."""
from life.helpers import *

with running("alone", "/bin/sleep", "60"):
    state = json.loads(verb("state", "alone").stdout)
    if state["cgroup"] == "":
        for words in (("pause",), ("resume",), ("kill", "--all")):
            one_error(verb(*words, "alone"), 125, "no control group")
        equal(json.loads(verb("state", "alone").stdout)["status"], "running", "the app")
    else: # a host that delegates: then it is frozen, and says so
        succeeds(verb("pause", "alone"), "pause")
        check("paused" in verb("ps").stdout, "ps of a paused one")
        succeeds(verb("resume", "alone"), "resume")
no_survivors()
