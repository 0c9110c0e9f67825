"""With the service of printing an app sees the printers of a real CUPS server and prints on them; without it does neither. The server
runs as this user, under the path of the system's, in a namespace of the case."""
import ctypes
import sys

from services.helpers import *

BARE = ["setpriv", "--ambient-caps=-all", "--inh-caps=-all"]
SOCKET = "/run/cups/cups.sock"
ROOT = os.path.join(HOME, "cups")
CONFIG = {
    "cupsd.conf": f"Listen {SOCKET}\nBrowsing No\nWebInterface No\nDefaultAuthType None\n"
                  "<Location />\nOrder allow,deny\nAllow all\n</Location>\n<Policy default>\n<Limit All>\nOrder allow,deny\nAllow all\n</Limit>\n</Policy>\n",
    "cups-files.conf": f"ServerRoot {ROOT}\nRequestRoot {ROOT}/spool\nTempDir {ROOT}/spool/tmp\nCacheDir {ROOT}/cache\nStateDir {ROOT}/state\nAccessLog {ROOT}/access\n"
                       f"ErrorLog {ROOT}/error\nPageLog {ROOT}/page\nFileDevice Yes\nSandboxing relaxed\n",
    "printers.conf": f"<Printer drawer>\nDeviceURI file://{ROOT}/printed\nState Idle\nAccepting Yes\n</Printer>\n",
}
if "--inside" not in sys.argv:
    profile("org.example.Prints", "[services]\nprinting = true\n")
    profile("org.example.Bare", "")
    os.execv("/usr/bin/unshare", ["unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "/usr/bin/python3", "-B", sys.argv[0], "--inside"])

libc = ctypes.CDLL(None, use_errno=True)
kept = os.open(RUNTIME, os.O_PATH)
if libc.mount(b"tmpfs", b"/run", b"tmpfs", 0, None) != 0:
    fail("mounting /run: " + os.strerror(ctypes.get_errno()))
os.makedirs(RUNTIME)
if libc.mount(f"/proc/self/fd/{kept}".encode(), RUNTIME.encode(), None, 4096, None) != 0:
    fail("mounting the runtime folder: " + os.strerror(ctypes.get_errno()))
os.close(kept)
for folder in ("/run/cups", f"{ROOT}/spool/tmp", f"{ROOT}/cache", f"{ROOT}/state"):
    os.makedirs(folder)
for name, text in CONFIG.items():
    with open(os.open(f"{ROOT}/{name}", os.O_WRONLY | os.O_CREAT, 0o640), "w") as file:
        file.write(text)
server = subprocess.Popen([*BARE, "/usr/sbin/cupsd", "-f", "-c", f"{ROOT}/cupsd.conf", "-s", f"{ROOT}/cups-files.conf"], stdin=subprocess.DEVNULL)


def spooled():
    """What jobs hold, by their number."""
    found = {}
    for name in sorted(os.listdir(f"{ROOT}/spool")):
        if name.startswith("d"):
            with open(f"{ROOT}/spool/{name}") as file:
                found[int(name[1:6])] = file.read()
    return found


def prints(name, text):
    """What the two commands say, run under that profile; nothing: as they are."""
    words = ["/bin/sh", "-c", "lpstat -p; echo $1 | lp -o raw -d drawer", "sh", text]
    return run(*BARE, *([SANDBOX, "run", "--profile", name, "--", *words] if name else ["env", f"CUPS_SERVER={SOCKET}", *words]))


try:
    wait_until("the server listens", lambda: os.path.exists(SOCKET))
    done = prints("", "from-outside")
    check("printer drawer is idle" in done.stdout and "request id is drawer-1" in done.stdout, f"the control: {done}")
    done = prints("org.example.Prints", "from-inside")
    equal((done.returncode, done.stderr), (0, ""), "to print")
    check("printer drawer " in done.stdout and "request id is drawer-2 " in done.stdout, f"inside: {done}")
    equal(spooled(), {1: "from-outside\n", 2: "from-inside\n"}, "what the server was given")
    done = prints("org.example.Bare", "without")
    check(done.returncode != 0 and "drawer is" not in done.stdout and "request id" not in done.stdout, f"without the service: {done}")
    equal(sorted(spooled()), [1, 2], "jobs after that")
finally:
    server.terminate()
    server.wait()
