"""The portal of documents is started for an app that wants the portals, before what it shows is looked for; where it cannot be, or does
not answer, the app runs without; for who wants no portals nothing is started."""
import shutil

from services.helpers import *

for name, text in (("org.example.Late", "[services]\nportals = true\n"), ("org.example.None", "")):
    profile(name, text)
SERVICES = os.path.join(HOME, ".local/share/dbus-1/services")
FILE = os.path.join(SERVICES, "org.freedesktop.portal.Documents.service")
STARTED = os.path.join(HOME, "documents-started")
DOCUMENTS = os.path.join(RUNTIME, "doc")
os.makedirs(SERVICES)


def portal(command):
    with open(FILE, "w") as file:
        file.write(f"[D-BUS Service]\nName=org.freedesktop.portal.Documents\nExec={command}\n")
    if os.path.exists(STARTED):
        os.unlink(STARTED)


def start(name, *options):
    began = time.monotonic()
    done = run(SANDBOX, "run", "--profile", name, *options, "--", "/bin/sh", "-c", 'echo "$GTK_USE_PORTAL"; ls -d "$XDG_RUNTIME_DIR/doc"', timeout=100)
    return done, time.monotonic() - began


SCRIPT = f"/usr/bin/python3 {os.path.dirname(os.path.abspath(__file__))}/documents.py"
WITHOUT = "no dialogs of the portals"
portal(f"{SCRIPT} late")
with bus():
    done, _ = start("org.example.None")
    equal((done.stdout, os.path.exists(STARTED)), ("\n", False), f"an app without portals: {done.stderr}")
    done, _ = start("org.example.Late", "--dry-run")
    check(done.returncode == 0 and not os.path.exists(STARTED), f"a plan that is only shown: {done.stderr}")
    done, _ = start("org.example.Late")
    equal((done.returncode, done.stdout, done.stderr), (0, f"1\n{DOCUMENTS}\n", ""), "the first app that wants the portals")
    check(os.path.exists(STARTED), "it was not started")
    # Who finds documents shown asks nobody: this one would hang.
    portal(f"{SCRIPT} hangs")
    done, _ = start("org.example.Late")
    equal((done.returncode, done.stdout, done.stderr, os.path.exists(STARTED)), (0, f"1\n{DOCUMENTS}\n", "", False), "the second")
shutil.rmtree(DOCUMENTS)
portal("/bin/false")
with bus():
    done, took = start("org.example.Late")
    check(WITHOUT in done.stderr and done.stdout == "\n" and took < 4, f"one that cannot be started, after {took:.1f} s: {done}")
# A plan that is kept is not asked for again: these words are others.
portal(f"{SCRIPT} hangs")
with bus():
    done, took = start("org.example.Late", "--set", "env.set.X=\"1\"")
    check(WITHOUT in done.stderr and done.stdout == "\n" and os.path.exists(STARTED), f"one that hangs: {done}")
    check(4 < took < 60, f"it was waited for {took:.1f} s")
done, took = start("org.example.Late", "--set", "env.set.X=\"2\"")
check(WITHOUT in done.stderr and took < 4, f"without a bus, after {took:.1f} s: {done}")
