"""What a sidecar does is not told as the app's: neither what it is denied nor what it uses."""
from services.helpers import *

profile("org.example.Private", '[dbus.session]\n"org.example.Twin" = "own-private"\n"org.example.Talked" = "talk"\n')
with open(f"{HOME}/private.txt", "w") as file:
    file.write("private\n")
with bus():
    done = run(SANDBOX, "run", "--profile", "org.example.Private", "--log-denials", "--", "/bin/sh", "-c", f"read line <{HOME}/private.txt", timeout=60)
    told = [line for line in done.stderr.splitlines() if "denied: " in line]
    check(any(f"'{HOME}/private.txt'" in line for line in told), f"the app's own denial is not told: {done}")
    foreign = [line for line in told if f"{HOME}/private.txt" not in line]
    equal(foreign, [], "denials that are not the app's")
no_survivors()
