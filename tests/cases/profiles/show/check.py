"""`profile show` prints every value with its origin, its history, and a file that means the same."""
import json

from support import *

works()
folder = f"{HOME}/.config/sandbox/apps"
os.makedirs(folder, exist_ok=True)
path = f"{folder}/org.example.Show.toml"
with open(path, "w") as file:
    file.write('schema = 1\n[app]\nexec = ["/bin/true"]\n[home]\nmode = "app"\n[files]\n"${DOWNLOADS}" = "rw"\n[limits]\npids.max = 50\n')

text = run(SANDBOX, "profile", "show", "org.example.Show").stdout
for words, origin in [('home.mode = "app"', f"{path}:5:1"), ('files."${DOWNLOADS}" = "rw"', f"{path}:7:1"), ('limits."pids.max" = 50', f"{path}:9:"),
                      ("process.userns = false", "base.toml:")]:
    check(any(one.startswith(words) and origin in one for one in text.splitlines()), f"{words} of {origin} is not in:\n{text}")
history = run(SANDBOX, "profile", "show", "--history", "--set", "home.mode=shared", "org.example.Show").stdout
check('home.mode = "shared"' in history and 'user said "app"' in history and 'system said "disposable"' in history, f"history:\n{history}")

rows = json.loads(run(SANDBOX, "profile", "show", "--json", "org.example.Show").stdout)
mode = next(row for row in rows if row["key"] == "home.mode")
check([one["layer"] for one in mode["history"]] == ["system", "user"], f"history of home.mode: {mode}")

printed = run(SANDBOX, "profile", "show", "--toml", "org.example.Show").stdout
with open(f"{HOME}/whole.toml", "w") as file:
    file.write(printed)
same = run(SANDBOX, "profile", "diff", "org.example.Show", f"{HOME}/whole.toml")
check(same.returncode == 0 and "widens" not in same.stdout and "narrows" not in same.stdout, f"the printed file means something else:\n{same.stdout}{same.stderr}")

for name in ("", "a", "show"):
    done = run(SANDBOX, "profile", *([name] if name else []))
    check(done.returncode == 2 and done.stderr.startswith("sandbox: "), f"'profile {name}': {done.returncode} {done.stderr!r}")
help_text = run(SANDBOX, "profile", "--help").stdout
check("show" in help_text and "check" in help_text, f"--help of profile:\n{help_text}")
check("--history" in run(SANDBOX, "profile", "show", "--help").stdout, "--help of profile show")
