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

# What a machine that builds the package is to find, which has no program, folder or socket of the app: whatever a start would refuse.
def packaged(body):
    with open(f"{HOME}/org.example.Packed.toml", "w") as file:
        file.write('schema = 1\n[app]\nexec = ["/usr/bin/no-such-program"]\nextends = ["class/desktop"]\n' + body)
    return run(SANDBOX, "profile", "check", "--no-host", f"{HOME}/org.example.Packed.toml")


sound = """[files]
"/no/such/place" = "ro"
"${DOWNLOADS}" = "rw"
[home]
mode = "app"
persist = [".config/no-such-program"]
[devices]
nodes = ["/dev/no-such-node"]
[require]
services = ["x11", "wayland"]
[[mount]]
type = "tmpfs"
target = "/scratch"
"""
done = packaged(sound)
equal((done.returncode, done.stdout), (0, "1 profile, nothing to tell\n"), f"a sound profile without its host: {done.stderr}")
for body, place, words in [('[files]\n"${DOWNLODS}" = "rw"\n', "6:1", "unknown place 'DOWNLODS'; did you mean 'DOWNLOADS'?"),
                           ('[files]\n"${HOME}/.config/sandbox" = "rw"\n', "6:1", "cannot be granted for writing"),
                           ('[process]\ncaps = ["NET_RAW"]\n', "6:9", "unknown capability 'NET_RAW'"),
                           ('[process.seccomp]\nallow = ["ptrce"]\n', "6:10", "did you mean 'ptrace'?"),
                           ('[limits]\n"memory.max" = "8GG"\n', "6:1", "'8GG' is no value of it"),
                           ('[[mount]]\ntype = "bnd"\ntarget = "/x"\n', "5:1", "unknown type of mount 'bnd'"),
                           ('[[mount]]\ntype = "bind"\n', "5:1", "a mount needs a target"),
                           ('[sysctl]\n"kernel.foo" = "1"\n', "6:1", "belongs to the whole host")]:
    done = packaged(body)
    check(done.returncode == 1 and f"error: {HOME}/org.example.Packed.toml:{place}: " in done.stdout and words in done.stdout,
          f"{body!r} without its host: status {done.returncode}, {done.stdout}{done.stderr}")
with open(f"{HOME}/org.example.Packed.toml", "w") as file:
    file.write('schema = 1\n[app]\nexec = ["/srv/packed/program"]\nextends = ["class/desktop"]\n')
done = run(SANDBOX, "profile", "check", "--no-host", f"{HOME}/org.example.Packed.toml")
check(done.returncode == 1 and "the program '/srv/packed/program' is not shown inside" in done.stdout, f"a program that the profile hides: {done.stdout}")

# What stands among the profiles and is none does not end the look at all of them.
os.symlink("nowhere", f"{folder}/dangling.toml")
with open(f"{folder}/two words.toml", "w") as file:
    file.write("schema = 1\n")
text = checked(status=1)
check(f"error: '{folder}/two words.toml' is no profile; " in text and f"error: the profile '{folder}/dangling.toml' is a link to nothing; " in text, f"among all: {text}")
checked("two words", status=127)
