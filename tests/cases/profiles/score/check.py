"""`score` rates a profile, offline, and fails above a threshold."""
import json

from support import *

works()
path = f"{HOME}/p.toml"
with open(path, "w") as file:
    file.write('schema = 1\n[app]\nexec = ["/no/such/program"]\n')
tight = json.loads(run(SANDBOX, "score", "--json", path).stdout)
with open(path, "a") as file:
    file.write('[network]\nmode = "host"\n[home]\nmode = "shared"\n[files]\n"${HOME}/.ssh" = "ro"\n')
wide = json.loads(run(SANDBOX, "score", "--json", path).stdout)
check(tight["score"] < 1 and wide["score"] > tight["score"] + 3, f"{tight['score']} and {wide['score']}")
secrets = next(row for row in wide["rows"] if row["name"] == "secrets")
check(secrets["origin"].startswith(f"{path}:9:") and ".ssh" in secrets["reason"], f"{secrets}")
check(abs(sum(row["weight"] for row in wide["rows"]) - 10) < 0.5, "the weights do not add up to ten")
check(run(SANDBOX, "score", "--threshold", "9.9", path).returncode == 0, "below the threshold is no success")
above = run(SANDBOX, "score", "--threshold", "1", path)
check(above.returncode == 1 and "of 10:" in above.stdout.splitlines()[-1], f"{above.returncode}: {above.stdout}")
check(run(SANDBOX, "score", "--threshold", "x", path).returncode == 2, "a threshold that is no number passes")
# A row says what is so: the same service is worth less where it is given less.
def row(name, *settings):
    words = [word for setting in settings for word in ("--set", setting)]
    found = json.loads(run(SANDBOX, "score", "--json", *words, path).stdout)["rows"]
    return next((one["exposure"], one["reason"]) for one in found if one["name"] == name)


equal([row("sound", setting) for setting in ("services.audio=false", "services.audio=true", "services.audio={ microphone = true }")],
      [(0, "no sound"), (0.1, "plays sound, and does not record"), (0.2, "plays and records sound")], "sound")
equal([row("X11", f"services.x11={mode}")[0] for mode in ("false", '"isolated"', '"untrusted"', "true")], [0, 0.1, 0.3, 1], "X11")
equal(row("files written", 'files."/srv"="rw"')[1], "paths that may be written: 1", "a number")
