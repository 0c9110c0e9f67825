"""What is missing or broken around the program is told in one line: a part of the installation, a folder, a tool."""
import fcntl
import shutil
import socket

from support import *

works()
RUNTIME = os.environ["XDG_RUNTIME_DIR"]
PREFIX = os.path.dirname(os.path.dirname(SANDBOX))
PARTS = f"{PREFIX}/libexec/sandbox"
program = ["profile", "new", "--write", "/bin/true"]
entry = f"{HOME}/.local/share/applications/some.desktop"
os.makedirs(os.path.dirname(entry))
with open(entry, "w") as file:
    file.write("[Desktop Entry]\nType=Application\nName=Some\nExec=/bin/true %f\n")
profile = f"{HOME}/.config/sandbox/apps/some.toml"
os.makedirs(os.path.dirname(profile))
with open(profile, "w") as file:
    file.write('schema = 1\n[app]\nexec = ["/bin/true"]\ndesktop = ["some.desktop"]\nextends = ["class/headless"]\n')


def without(*names):
    return {name: value for name, value in os.environ.items() if name not in names}


def beside(script, *command, **keywords):
    """In namespaces of the case's own, after `script`; without its rights."""
    inner = f'{script}; exec setpriv --ambient-caps=-all -- "$@"'
    return run("/usr/bin/unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "/bin/sh", "-ec", inner, "sh", *command, **keywords)


# The folders of the user.
one_error(run(SANDBOX, *program, env=without("HOME", "XDG_CONFIG_HOME")), 125, "there is no folder for the user's profiles; set HOME or XDG_CONFIG_HOME")
hidden = "mount -t tmpfs none /run/user"
one_error(beside(hidden, SANDBOX, "state", "x", env=without("XDG_RUNTIME_DIR")), 125, "there is no runtime folder, so no sandbox is on record")
one_error(beside(hidden, SANDBOX, "profile", "learn", "/bin/true", env=without("XDG_RUNTIME_DIR")), 125, "there is no runtime folder to keep a draft in; set XDG_RUNTIME_DIR")
shared = [SANDBOX, "run", "--set", 'home.mode="shared"', "minimal"]
for home in ("/no/such", f"{profile}"):
    one_error(run(*shared, env={**os.environ, "HOME": home}), 125, f"the home '{home}' is no folder that can be shown; set home.mode")
one_error(minimal(""), 2, "the command is empty")
records = f"{RUNTIME}/sandbox"
os.makedirs(records, mode=0o700, exist_ok=True)
os.chmod(records, 0o755)
one_error(run(SANDBOX, "state", "x"), 125, f"{RUNTIME}/sandbox' is open to others; chmod 0700 it")
os.rmdir(records)
# Nothing that may be written: no bait.
kept = os.stat(HOME).st_mode & 0o7777
os.makedirs(f"{HOME}/.none", exist_ok=True)
os.chmod(HOME, 0o500)
os.chmod(RUNTIME, 0o500)
done = beside("mount -t tmpfs -o ro none /tmp", SANDBOX, "selftest")
os.chmod(HOME, kept)
os.chmod(RUNTIME, 0o700)
one_error(done, 125, "no bait could be laid out in the home, the runtime folder or /tmp; one of them has to be writable")
# A criu that could be used, for user 0.
os.makedirs(f"{HOME}/tools")
with open(f"{HOME}/tools/criu", "w") as file:
    file.write("#!/bin/sh\necho Version: 3.19\n")
os.chmod(f"{HOME}/tools/criu", 0o755)
done = run("/usr/bin/unshare", "--user", "--map-root-user", SANDBOX, "restore", "--image-path", HOME, env={**os.environ, "PATH": f"{HOME}/tools:{os.environ['PATH']}"})
one_error(done, 125, "criu 3.19, could be used, but this version of sandbox cannot drive it yet")


# Parts of the program, by hand.
def by_hand(part, *arguments, **keywords):
    return run(f"{PARTS}/{part}", *arguments, **keywords)


def sealed(size):
    plan = os.memfd_create("plan", os.MFD_ALLOW_SEALING)
    os.ftruncate(plan, size)
    fcntl.fcntl(plan, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE)
    return plan


one_error(by_hand("sandbox-helper"), 2, "this program is started by sandbox(1), with a sealed plan; it is of no use by itself")
for size, words in ((1 << 40, "the plan is too large"), (0, "cannot read the plan: mmap: Invalid argument")):
    plan = sealed(size)
    one_error(by_hand("sandbox-helper", str(plan), pass_fds=[plan]), 125, words)
    os.close(plan)
one_error(by_hand("sandbox-playback", "/" + 200 * "x", "/no/server"), 125, "the path of a socket is too long")
one_error(by_hand("sandbox-desktop"), 125, "sandbox-desktop was asked for nothing that it knows; this program is of no use by itself")


# An installation of the user's own, with a part that does something else.
def installation(folder, **parts):
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("bin/sandbox", "libexec/sandbox", "share/sandbox"):
        source, target = f"{PREFIX}/{name}", f"{folder}/{name}"
        os.makedirs(os.path.dirname(target), exist_ok=True)
        (shutil.copytree if os.path.isdir(source) else shutil.copy)(source, target)
    for part, script in parts.items():
        path = f"{folder}/libexec/sandbox/sandbox-{part}"
        os.unlink(path)
        if script is not None:
            with open(path, "w") as file:
                file.write(f"#!/bin/sh\n{script}\n")
            os.chmod(path, 0o755)
    return f"{folder}/bin/sandbox"


new = ["profile", "new", "some.desktop"]
one_error(run(installation(f"{HOME}/my apps"), "integrate", "some"), 125, "the program '", "/my apps/bin/sandbox' cannot be named in .desktop files; install it in a folder whose path")
one_error(run(installation(f"{HOME}/own", desktop="exit 0"), *new), 125, "sandbox-desktop gave no answer about 'some.desktop'")
one_error(run(installation(f"{HOME}/own", desktop="kill -9 $$"), *new), 125, "sandbox-desktop was ended by signal 9")
one_error(run(installation(f"{HOME}/own", desktop=None), *new), 125, "cannot start '", "sandbox-desktop': posix_spawn: No such file or directory; install the whole package")
one_error(run(installation(f"{HOME}/own", probe="exit 3"), "selftest"), 125, "the probe did not come to its end inside (status 3)")

# Folders of the menus that cannot be written.
menus = os.path.dirname(entry)
for folder, words in ((os.path.dirname(menus), "cannot make the folder '"), (menus, "cannot keep '")):
    os.chmod(folder, 0o500)
    done = run(SANDBOX, "integrate", "some")
    os.chmod(folder, 0o700)
    check(done.returncode == 125 and words in done.stderr, f"{folder}: {done.returncode} {done.stderr}")
equal(run(SANDBOX, "integrate", "some").returncode, 0, "status of integrate")
os.chmod(menus, 0o500)
done = run(SANDBOX, "integrate", "--undo", "some")
os.chmod(menus, 0o700)
check(done.returncode == 125 and "cannot move '" in done.stderr, f"undo: {done.returncode} {done.stderr}")
equal(run(SANDBOX, "integrate", "--undo", "some").returncode, 0, "status of --undo")
os.makedirs(f"{HOME}/there")
one_error(run(SANDBOX, "config", "--oci", "--bundle", f"{HOME}/there", "minimal"), 125, "cannot make the bundle '", "File exists")
os.makedirs(f"{HOME}/gone")
one_error(run("/bin/sh", "-c", f'cd {HOME}/gone; rmdir ../gone; exec "$@"', "sh", SANDBOX, "profile", "why", "minimal", "./x"), 125, "cannot tell where './x' is")

# A supervisor that says nothing, or another thing, or is not there; a name that another app has.
with open(f"{HOME}/.config/sandbox/apps/single.toml", "w") as file:
    file.write('schema = 1\n[app]\nexec = ["/bin/sh"]\nsingle-instance = "join"\nextends = ["class/headless"]\n')


def running(*options):
    process = subprocess.Popen([SANDBOX, "run", *options, "-c", "echo up; read line"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    equal(process.stdout.readline(), "up\n", "the app's first word")
    return process


app = running("single")
control = f"{records}/single-one/control"
os.unlink(control)
fake = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
fake.bind(control)
fake.listen()
asking = subprocess.Popen([SANDBOX, "exec", "single-one", "--", "/bin/true"], stderr=subprocess.PIPE, text=True)
peer, _ = fake.accept()
peer.send(b"another version")
check("the supervisor speaks another version" in asking.communicate(timeout=20)[1], "a supervisor of another version")
one_error(run(SANDBOX, "exec", "single-one", "--", "/bin/true", timeout=60), 125, "'single-one' is not running yet", "; try again")
fake.close()
one_error(run(SANDBOX, "run", "single", timeout=60), 125, "'single-one' neither starts nor ends; see sandbox state single-one")
app.communicate("\n", timeout=20)
app = running("--id", "single-one", "--profile", "minimal", "--", "/bin/sh")
one_error(run(SANDBOX, "run", "single"), 125, "an instance of another app or profile is called 'single-one'; end it: sandbox kill single-one")
app.communicate("\n", timeout=20)

# A user's manager that answers nothing, or a conversation with it that ends: limits that are required are not in force, so nothing runs.
os.makedirs(f"{RUNTIME}/systemd")
manager = socket.socket(socket.AF_UNIX)
manager.bind(f"{RUNTIME}/systemd/private")
limited = ["run", "--set", "limits.required=true", "--memory", "1G", "--profile", "minimal", "--", "/bin/true"]
one_error(run(installation(f"{HOME}/own", session="head -c 1 >/dev/null"), *limited), 125, "limits are required, and there is no scope to limit the app by: sandbox-session ended without an answer")
one_error(run(installation(f"{HOME}/own", session="exec sleep 100"), *limited, timeout=60), 125, "the systemd user manager did not answer in 10 seconds: Connection timed out; see systemctl --user status")
manager.close()
shutil.rmtree(f"{RUNTIME}/systemd")
