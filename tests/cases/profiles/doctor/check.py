"""`doctor` tells the truth about this host: what it calls fine works, and each other line says what it costs and what mends it."""
import json
import shutil

from support import *

works()
done = run(SANDBOX, "doctor", "--json")
rows = {row["name"]: row for row in json.loads(done.stdout)}
check(len(rows) >= 18, f"only {sorted(rows)}")
for row in rows.values():
    check(row["health"] in ("fine", "costs", "forbids") and row["says"], f"{row}")
    check((row["health"] == "fine") == (not row["cost"]) == (not row["mend"]), f"a line that does not say what it costs, or what mends it: {row}")
check(rows["user namespaces"]["health"] == "fine" and done.returncode == 0, f"works() started an app, and doctor says {rows['user namespaces']}")
check(rows["session bus"]["health"] == "costs" and rows["display"]["health"] == "costs", "there is no session here")
check(rows["leftovers"]["health"] == "fine", f"{rows['leftovers']}")

# By the account's name, whatever USER says.
nameless = {name: value for name, value in os.environ.items() if name != "USER"}
equal({row["name"]: row for row in json.loads(run(SANDBOX, "doctor", "--json", env=nameless).stdout)}["subordinate ids"], rows["subordinate ids"], "without USER")
# What an overlay is refused for, where it is, is the kernel's reason; that ids are not mapped would be a fault of the attempt.
check("too large" not in rows["overlay file systems"]["says"], f"{rows['overlay file systems']}")

# The same again where namespaces are used up: the row must turn, and the status with it.
none = run("unshare", "-Ur", "sh", "-c", f"echo 0 >/proc/sys/user/max_user_namespaces && exec {SANDBOX} doctor --json")
if none.stdout.startswith("["):
    rows = {row["name"]: row for row in json.loads(none.stdout)}
    check(none.returncode == 1 and rows["user namespaces"]["health"] == "forbids", f"{none.returncode} {rows['user namespaces']}")
    check("max_user_namespaces" in rows["user namespaces"]["mend"], f"{rows['user namespaces']}")
else:
    check(False, f"doctor said nothing: {none.stderr}")

text = run(SANDBOX, "doctor").stdout
check("\x1b" not in text, "colours that no terminal asked for")
check("cost: " in text and "mend: " in text, text)
quiet = run(SANDBOX, "doctor", "--quiet").stdout
check("user namespaces" not in quiet and "session bus" in quiet, quiet)

# A helper that somebody made setuid refuses to work: the installation is broken.
prefix = os.path.dirname(os.path.dirname(SANDBOX))
for part in ("bin", "libexec", "share"):
    shutil.copytree(f"{prefix}/{part}", f"{HOME}/moved/{part}", symlinks=True)
moved, helper = f"{HOME}/moved/bin/sandbox", f"{HOME}/moved/libexec/sandbox/sandbox-helper"
examined = lambda: {row["name"]: row for row in json.loads(run(moved, "doctor", "--json").stdout)}["helper"]
equal((examined()["health"], run(moved, "doctor").returncode), ("fine", 0), "the control")
os.chmod(helper, 0o4755)
equal(examined(), {"name": "helper", "health": "forbids", "says": f"'{helper}' is setuid", "cost": "it needs no privileges, and refuses to start with them",
                   "mend": f"chmod u-s,g-s '{helper}'"}, "a setuid helper")
equal(run(moved, "doctor").returncode, 1, "the status then")
