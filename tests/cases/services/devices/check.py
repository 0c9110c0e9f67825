"""Each service of devices shows its own nodes and no other, as does none of them. The host has such nodes for the occasion: others
under their names, in a namespace of the case."""
import ctypes
import sys

from services.helpers import *

# name of the service, the nodes that it shows
WANTED = {"camera": ["/dev/media0", "/dev/video0"], "gpu": ["/dev/dri/renderD128"], "input": ["/dev/input/event3", "/dev/input/js0"],
          "security-keys": ["/dev/hidraw0"]}
# Beside them: a card can set modes and read the screen, a mouse is no game pad, a disk is a disk.
NODES = sorted(sum(WANTED.values(), ["/dev/dri/card0", "/dev/input/mice", "/dev/sda", "/dev/uinput", "/dev/vhci"]))
SHOW = "for node in " + " ".join(NODES) + "; do [ -c $node ] && head -c 1 $node | od -An -tu1 | tr -d ' \\n' && echo \" $node\"; done; true"
BARE = ["setpriv", "--ambient-caps=-all", "--inh-caps=-all"]
if "--inside" not in sys.argv:
    for name in (*WANTED, "none"):
        profile(f"org.example.{name}", f"[services]\n{name} = true\n" if name in WANTED else "")
    os.execv("/usr/bin/unshare", ["unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "/usr/bin/python3", "-B", sys.argv[0], "--inside"])
libc = ctypes.CDLL(None, use_errno=True)


def mount(source, target, kind=None, flags=4096): # MS_BIND
    if libc.mount(source.encode(), target.encode(), kind, flags, None) != 0:
        fail(f"mounting {source} on {target}: {os.strerror(ctypes.get_errno())}")


folder = os.path.join(HOME, "dev")
os.mkdir(folder)
mount("tmpfs", folder, b"tmpfs", 0)
# /dev/zero under all of those names: a bind of it is a node of the device file system still.
for path in [*NODES, "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"]:
    target = folder + path.removeprefix("/dev")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    open(target, "w").close()
    mount("/dev/zero" if path in NODES else path, target)
mount(folder, "/dev", flags=4096 | 16384) # MS_REC
done = run(*BARE, "/bin/sh", "-c", SHOW)
equal(done.stdout.splitlines(), [f"0 {node}" for node in NODES], f"the control: what the host has {done.stderr}")
for name in (*WANTED, "none"):
    done = run(*BARE, SANDBOX, "run", "--profile", f"org.example.{name}", "--", "/bin/sh", "-c", SHOW)
    equal((done.returncode, done.stderr), (0, ""), name)
    equal(done.stdout.splitlines(), [f"0 {node}" for node in WANTED.get(name, [])], f"the nodes that {name} shows")
# Where all nodes of a service are missing, an app that requires it does not start.
for name, nodes in WANTED.items():
    start = [*BARE, SANDBOX, "run", "--profile", f"org.example.{name}"]
    required = [*start, "--set", f'require.services=["{name}"]', "--", "/bin/true"]
    for node in nodes:
        equal((run(*required).returncode, run(*required).stderr), (0, ""), f"{name}, required, with {node}")
        for mounted in (node, folder + node.removeprefix("/dev")):
            libc.umount2(mounted.encode(), 2) # MNT_DETACH
        os.unlink(node)
    equal(run(*start, "--", "/bin/true").returncode, 0, f"{name}, without a node")
    one_error(run(*required), 125, f"the service '{name}' is required and not to be had: there is no device /dev/", "start it where it is there")
