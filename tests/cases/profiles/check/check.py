"""`profile check` tells everything that is wrong, as text and as JSON, and its status is for CI."""
import json

from support import *

works()
folder = f"{HOME}/.config/sandbox/apps"
os.makedirs(folder + "/org.example.Many.d", exist_ok=True)
path = f"{folder}/org.example.Many.toml"
with open(path, "w") as file:
    file.write("""schema = 1
[app]
exec = ["/bin/true"]
extends = ["class/headless"]
[home]
mode = "apq"
[files]
"relative" = "ro"
"${NOWHERE}/x" = "ro"
"/no/such/place" = "ro"
"${HOME}/.ssh" = "ro"
"${HOME}" = "ro"
"${HOME}/notes" = { access = "ro", optional = true }
[env]
keep = ["LC_*", "LC_ALL"]
set = { A = "1" }
unset = ["A"]
[services]
waylend = true
[process]
umask = "022"
""")


def checked(*arguments, status):
    done = run(SANDBOX, "profile", "check", *arguments)
    check(done.returncode == status, f"status {done.returncode} of {arguments}: {done.stdout} {done.stderr}")
    return done.stdout


text = checked("org.example.Many", status=1)
for kind, line, words in [("error", 6, "unknown value 'apq'"), ("error", 8, "'relative'"), ("error", 9, "NOWHERE"), ("missing", 10, "'/no/such/place' is not there"),
                          ("wide", 11, "keys to other machines"), ("wide", 12, "is wide"), ("redundant", 13, "grants alike"), ("redundant", 15, "'LC_ALL' is held by 'LC_*'"),
                          ("shadowed", 16, "removed again by env.unset"), ("error", 19, "did you mean 'wayland'"), ("redundant", 21, "is said already by")]:
    found = [one for one in text.splitlines() if one.startswith(f"{kind}: {path}:{line}:") and words in one]
    check(found, f"{kind} of line {line} with {words!r} is not told in:\n{text}")

rows = json.loads(checked("--json", path, status=1))
check({row["line"] for row in rows} >= {6, 8, 9, 10, 11, 12, 13, 15, 16, 19, 21}, f"lines of --json: {rows}")
check(all(row["file"] and row["text"].startswith(row["file"]) for row in rows), f"a row without its place: {rows}")

with open(path, "w") as file:
    file.write('schema = 1\n[app]\nexec = ["/bin/true"]\nextends = ["class/headless"]\n')
check("nothing to tell" in checked("org.example.Many", status=0), "a sound profile is told about")
with open(folder + "/org.example.Many.d/1.toml", "w") as file:
    file.write('schema = 1\nfiles."${HOME}" = "ro"\n')
checked("org.example.Many", status=1)  # the whole home cannot be granted
with open(folder + "/org.example.Many.d/1.toml", "w") as file:
    file.write('schema = 1\n[process]\nuserns = false\n')
checked("org.example.Many", status=0)
check("redundant" in checked("--strict", "org.example.Many", status=1), "--strict does not count what is redundant")
with open(folder + "/org.example.Many.d/1.toml", "w") as file:
    file.write("schema = 1\n[home\n")
check("1.toml:2:" in checked("org.example.Many", status=1), "TOML that is none is not told")
check(run(SANDBOX, "profile", "check", "no-such-profile").returncode == 127, "a name of no profile passes")
