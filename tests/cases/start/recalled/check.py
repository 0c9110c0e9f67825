"""A second start takes the plan of the first, and a change of the profile, of a file or of the environment is seen at once."""
from support import *

FOLDER = os.path.join(os.environ["XDG_RUNTIME_DIR"], "sandbox-plans")
PROFILE = os.path.join(HOME, "notes.toml")
GRANTED = os.path.join(HOME, "granted")


def write(text):
    with open(PROFILE, "w") as file:
        file.write(f'schema = 1\n[app]\nid = "notes"\n[env]\nkeep = ["LANG"]\n{text}\n')


def start(command, **environment):
    done = run(SANDBOX, "run", "--profile", PROFILE, "--", "/bin/sh", "-c", command, env={**os.environ, **environment})
    equal(done.stderr, "", "no warning")
    return done.stdout


def kept():
    return {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(FOLDER)} if os.path.isdir(FOLDER) else {}


def recalls(what, **environment):
    """The second of two starts keeps nothing: the plan is the first one's."""
    first = start("cat /proc/sys/kernel/hostname; env | sort; ls /", **environment)
    before = kept()
    check(before, f"{what}: nothing is kept")
    equal(start("cat /proc/sys/kernel/hostname; env | sort; ls /", **environment), first, f"{what}: the same inside")
    equal(kept(), before, f"{what}: recalled")


os.mkdir(GRANTED)
write(f'[files]\n"{GRANTED}" = "ro"')
start("true")
check(not kept(), "a profile that was written just now is not kept")
time.sleep(2.1)
recalls("a plain start")
equal(os.stat(FOLDER).st_mode & 0o7777, 0o700, "the folder's mode")
for entry in os.scandir(FOLDER):
    equal(entry.stat().st_mode & 0o7777, 0o600, "the file's mode")

# Each change counts at once.
equal(start("echo $LANG", LANG="de_DE.UTF-8"), "de_DE.UTF-8\n", "one environment")
equal(start("echo $LANG", LANG="fr_FR.UTF-8"), "fr_FR.UTF-8\n", "another")
command = f"ls {GRANTED} 2>&1 | wc -l; touch {GRANTED}/x 2>/dev/null && echo written || echo refused"
equal(start(command), "0\nrefused\n", "read-only")
write(f'[files]\n"{GRANTED}" = "rw"')
equal(start(command), "0\nwritten\n", "the profile says rw now")
write(f'[files]\n"{GRANTED}" = "ro"')
equal(start(command), "1\nrefused\n", "and ro again")
time.sleep(2.1)
recalls("before the folder is exchanged")
os.rename(GRANTED, GRANTED + ".old")
os.symlink(os.path.join(HOME, ".ssh"), GRANTED)
done = run(SANDBOX, "run", "--profile", PROFILE, "--", "/bin/sh", "-c", f"cat {GRANTED}/canary")
check("canary" not in done.stdout or done.returncode != 0, f"a link to the canary was followed: {done.stdout!r}")
os.unlink(GRANTED)
os.rename(GRANTED + ".old", GRANTED)

# What is not ours alone, or damaged, is made anew and does no harm.
recalls("once more")
for entry in os.scandir(FOLDER):
    with open(entry.path, "r+b") as file:
        file.seek(200)
        file.write(b"\xff" * 64)
equal(start("echo fine"), "fine\n", "a damaged one")
os.chmod(FOLDER, 0o777)
equal(start("echo fine"), "fine\n", "a folder open to others")
# No app gets at it.
os.chmod(FOLDER, 0o700)
one_error(run(*MINIMAL, "--bind", f"{FOLDER}:rw", "--", "/bin/true"), 125, "cannot be granted")
# The name of each instance is its own.
recalls("before two at once")
both = [subprocess.Popen([SANDBOX, "run", "--profile", PROFILE, "--", "/bin/sleep", "60"], stdin=subprocess.DEVNULL) for _ in range(2)]
wait_until("both are on record", lambda: len(run(SANDBOX, "ps").stdout.splitlines()) == 3)
for process in both:
    process.kill()
    process.wait()
no_survivors()
