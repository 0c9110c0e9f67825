"""The disk with the home is full: one line, nothing started, the home intact; a minimal sandbox, which writes nothing, runs."""
from support import *
import ctypes

check(os.getuid() == 0, "this case wants root, for a tiny file system in a mount namespace of its own")
libc = ctypes.CDLL(None, use_errno=True)
user = os.environ["TEST_USER"]
uid, gid = int(os.environ["TEST_UID"]), int(os.environ["TEST_GID"])
data = f"{HOME}/.local"
os.makedirs(f"{data}/share", exist_ok=True)
if libc.unshare(0x00020000) != 0 or libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None) != 0:
    fail(f"no mount namespace: {os.strerror(ctypes.get_errno())}")
if libc.mount(b"none", data.encode(), b"tmpfs", 0, b"size=64k,nr_inodes=8,mode=0755") != 0:
    fail(f"no tmpfs: {os.strerror(ctypes.get_errno())}")
os.mkdir(f"{data}/share")
with open(f"{data}/full", "wb", 0) as file:
    try:
        while True:
            file.write(b"x" * 4096)
    except OSError:
        pass
while True:
    try:
        open(f"{data}/file-{time.monotonic_ns()}", "w").close()
    except OSError:
        break
for parent in (data, f"{data}/share"):
    os.chown(parent, uid, gid)
before = sorted(os.listdir(HOME))
identity = dict(user=uid, group=gid, extra_groups=[gid])
done = run(SANDBOX, "run", "--profile", "disk-full-case", "--", "/bin/true", **identity)
one_error(done, 125, "No space left")
done = run(*MINIMAL, "--", "/bin/sh", "-c", "exit 8", **identity)
equal((done.returncode, done.stderr), (8, ""), "a minimal sandbox on a full disk")
equal(sorted(os.listdir(HOME)), before, "the home")
