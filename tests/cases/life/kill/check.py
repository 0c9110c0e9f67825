"""kill: signals by name and number reach the app alone, by its pidfd; unknown ones are refused."""
from life.helpers import *

script = "trap 'echo one' USR1; trap 'echo two; exit 7' 12; echo ready; while :; do sleep 0.02; done"
with running("target", "/bin/sh", "-c", script) as process:
    equal(process.stdout.readline(), "ready\n", "the app")
    succeeds(verb("kill", "--signal", "USR1", "target"), "by name")
    equal(process.stdout.readline(), "one\n", "SIGUSR1")
    succeeds(verb("kill", "-s", "SIGUSR1", "tar"), "by long name")
    equal(process.stdout.readline(), "one\n", "SIGUSR1")
    for wrong in ("NONE", "0", "-1", "99", ""):
        one_error(verb("kill", f"--signal={wrong}", "target"), 2, "signal")
    one_error(verb("kill"), 2, "no instance")
    one_error(verb("kill", "target", "other"), 2, "other")
    succeeds(verb("kill", "--signal", "12", "target"), "by number")
    equal((process.stdout.readline(), process.wait(10)), ("two\n", 7), "signal 12")
with running("target", "/bin/sleep", "60") as process:
    succeeds(verb("kill", "target"), "TERM by default")
    equal(process.wait(10), 143, "the status after TERM")
one_error(verb("kill", "target"), 125, "target")
no_survivors()
