"""`profile diff` marks each change as widening or narrowing, between profiles, versions and layers."""
import json

from support import *

works()
folder = f"{HOME}/.config/sandbox/apps"
os.makedirs(folder, exist_ok=True)
head = 'schema = 1\n[app]\nid = "org.example.Diff"\nexec = ["/bin/true"]\n'
old, new = f"{HOME}/old.toml", f"{HOME}/new.toml"
with open(old, "w") as file:
    file.write(head + '[network]\nmode = "user"\n[process]\ncaps = ["CAP_KILL"]\n[files]\n"/srv" = "rw"\n[limits]\npids.max = 10\n')
with open(new, "w") as file:
    file.write(head + '[network]\nmode = "host"\n[files]\n"/srv" = "ro"\n"/srv/x" = "deny"\n[mask]\npaths = ["/srv/y"]\n')

rows = {row["key"]: row for row in json.loads(run(SANDBOX, "profile", "diff", "--json", old, new).stdout)}
for key, effect in [("network.mode", "widens"), ("process.caps", "narrows"), ('files."/srv"', "narrows"), ('files."/srv/x"', "narrows"), ('limits."pids.max"', "widens"),
                    ("mask.paths", "narrows")]:
    check(rows.get(key, {}).get("effect") == effect, f"{key} is {rows.get(key)}, expected {effect}")
check(rows["network.mode"]["origin"].startswith(new), f"origin {rows['network.mode']}")
check(run(SANDBOX, "profile", "diff", "--widening", old, new).returncode == 1, "--widening passes what widens")
check(run(SANDBOX, "profile", "diff", "--widening", old, old).returncode == 0, "--widening refuses what is the same")

with open(f"{folder}/shell.toml", "w") as file:
    file.write('schema = 1\n[home]\nmode = "shared"\n')
layers = run(SANDBOX, "profile", "diff", "shell").stdout.splitlines()
check(len(layers) == 1 and layers[0].startswith("widens") and "home.mode" in layers[0], f"what the user's files change: {layers}")

# Of a profile that the user alone has there is nothing to compare.
with open(f"{HOME}/.config/sandbox/apps/mine.toml", "w") as file:
    file.write('schema = 1\napp.exec = ["/bin/true"]\n')
one_error(run(SANDBOX, "profile", "diff", "mine"), 127, "the system has no profile 'mine' to compare with; name two: sandbox profile diff OTHER mine")
one_error(run(SANDBOX, "profile", "diff", "min"), 127, "no profile for 'min'")
