"""The bus names that an app is refused are told; what a sidecar does is not told as the app's: neither what it is denied nor what it uses."""
from services.helpers import *

CALL = "gdbus call --session --object-path /x --method org.freedesktop.DBus.Peer.Ping --dest"
OWN = "gdbus call --session --dest org.freedesktop.DBus --object-path / --method org.freedesktop.DBus.RequestName"

profile("org.example.Private", '[dbus.session]\n"org.example.Twin" = "own-private"\n"org.example.Talked" = "talk"\n')
with open(f"{HOME}/private.txt", "w") as file:
    file.write("private\n")
with bus():
    done = run(SANDBOX, "run", "--profile", "org.example.Private", "--log-denials", "--", "/bin/sh", "-c", f"read line <{HOME}/private.txt", timeout=60)
    told = [line for line in done.stderr.splitlines() if "denied: " in line]
    check(any(f"'{HOME}/private.txt'" in line for line in told), f"the app's own denial is not told: {done}")
    foreign = [line for line in told if f"{HOME}/private.txt" not in line]
    equal(foreign, [], "denials that are not the app's")

    talked = Service("org.example.Talked")
    script = f"{CALL} org.example.Talked; {CALL} org.example.Hidden; {OWN} org.example.Mine 0; {OWN} org.example.Twin 0"
    done = run(SANDBOX, "run", "--profile", "org.example.Private", "--log-denials", "--", "/bin/sh", "-c", f"({script}) >/dev/null 2>&1", timeout=60 * PATIENCE)
    names = [line for line in done.stderr.splitlines() if "bus name" in line]
    equal(names, ["sandbox: warning: denied: the bus name 'org.example.Hidden'", "sandbox: warning: denied: to own the bus name 'org.example.Mine'"], f"the names that are told ({done})")
    check("Ping" in talked.members(), "the name that is granted was not reached")

    # Live: while the app runs.
    with subprocess.Popen([SANDBOX, "run", "--profile", "org.example.Private", "--log-denials", "--live", "--", "/bin/sh", "-c", f"{CALL} org.example.Hidden >/dev/null 2>&1; read line"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        line = ""
        while "bus name" not in line:
            line = process.stderr.readline()
            check(line != "", "it ended and told nothing")
        equal(line, "sandbox: warning: denied: the bus name 'org.example.Hidden'\n", "what is told while it runs")
        _, rest = process.communicate("\n", timeout=60 * PATIENCE)
        check("bus name" not in rest, f"told again at the end: {rest}")

    # The Plan of a start that is followed is none for the next one: that has no log.
    check(run(SANDBOX, "run", "--profile", "org.example.Private", "--", "/bin/true").returncode == 0, "the start after it")
equal([name for name in os.listdir(RUNTIME) if name.endswith(".log")], [], "logs that are left")
no_survivors()
