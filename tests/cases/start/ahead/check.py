"""By a kept plan the sandbox is built while the plan is proven; of a stale one nothing runs, and nothing is left."""
from support import *

PROFILE = os.path.join(HOME, "notes.toml")
LATER = os.path.join(HOME, ".aws") # covered where there is one


def write(text):
    with open(PROFILE, "w") as file:
        file.write(f'schema = 1\n[app]\nid = "notes"\nextends = ["class/headless"]\n{text}\n')
    time.sleep(2.1) # or it is not kept


def traced(name, *options):
    """What the start does of what tells: (who, call) in order, and the finished process."""
    path = os.path.join(HOME, f"{name}.trace")
    calls = "clone3,execve,pidfd_send_signal,statx,newfstatat,mkdirat,mkdir"
    done = run("strace", "-f", "-qq", "-e", "signal=none", "-e", f"trace={calls}", "-o", path, SANDBOX, "run", "--profile", PROFILE, *options, "--", "/bin/true")
    with open(path, errors="replace") as file:
        lines = [re.match(r"(\d+) +(.*)", line).groups() for line in file]
    os.unlink(path)
    return lines, done


def births(lines):
    return [number for number, (_, call) in enumerate(lines) if "CLONE_NEWUSER" in call]


def app_starts(lines):
    return [call for _, call in lines if call.startswith("execve(\"/bin/true\"") or call.startswith("execve(\"/usr/bin/true\"")]


write('[home]\nmode = "shared"')
for _ in range(2):
    equal(run(SANDBOX, "run", "--profile", PROFILE, "--", "/bin/true").returncode, 0, "a plain start")

# One that holds: born before the profile is looked at again, and never ended by us.
lines, done = traced("holds")
equal((done.returncode, done.stderr), (0, ""), "the traced start")
born = births(lines)
looked = [number for number, (_, call) in enumerate(lines) if PROFILE in call and "fstatat" in call]
equal(len(born), 1, "one birth")
check(looked and born[0] < looked[0], f"it is not built ahead: {born}, {looked}")
check(not any("SIGKILL" in call for _, call in lines), "nothing is ended")
equal(len(app_starts(lines)), 1, "the app runs once")

# A folder that has to be covered is there by now: the first is ended before the second is born, and nothing ran in it.
os.mkdir(LATER)
with open(os.path.join(LATER, "canary"), "w") as file:
    file.write("canary\n")
lines, done = traced("stale")
equal((done.returncode, done.stderr), (0, ""), "the start by a stale plan")
born = births(lines)
equal(len(born), 2, f"two births: {[lines[number] for number in born]}")
killed = [number for number, (_, call) in enumerate(lines) if "pidfd_send_signal" in call and "SIGKILL" in call]
check(killed and born[0] < killed[0] < born[1], f"the first is not ended before the second: {born}, {killed}")
equal(len(app_starts(lines)), 1, "the app runs once")
no_survivors()
done = run(SANDBOX, "run", "--profile", PROFILE, "--", "/bin/sh", "-c", f"cat {LATER}/canary; ls -A {LATER} | wc -l")
equal(done.stdout, "0\n", "it is covered")

# Nothing is built ahead that would make anything outside of the sandbox, or start another program.
for text in ('[home]\nmode = "overlay"', '[network]\nmode = "user"'):
    write(text)
    for name in ("first", "second"):
        lines, done = traced(name)
    looked = [number for number, (_, call) in enumerate(lines) if PROFILE in call and "fstatat" in call]
    check(not births(lines) or births(lines)[0] > looked[-1], f"{text!r} is built ahead: {births(lines)}, {looked}")
no_survivors()
