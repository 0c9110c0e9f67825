"""A34 (CVE-2020-13401): a network of the sandbox's own leads to what listens on the host's loopback, by its address or the gateway's, or around IP altogether."""
import runpy
import socket

from attack import *

ways()
canary = Canary()
subprocess.run(["chown", "-hR", f"{os.environ['TEST_UID']}:{os.environ['TEST_GID']}", canary.folder], check=True)
canary.before = snapshot(canary.folder)
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen(64)
port = listening.getsockname()[1]
abstract = socket.socket(socket.AF_UNIX)
abstract.bind(f"\0loopback-{os.getpid()}")
abstract.listen(64)
REACH = r'''
import socket, sys
port, name = int(sys.argv[1]), sys.argv[2]
reached = []
for address in ("127.0.0.1", "127.1.2.3", "0.0.0.0", "localhost", "::1", "::ffff:127.0.0.1", "10.0.2.2", "10.0.2.3", "169.254.2.2"):
    try: socket.create_connection((address, port), 0.5).close(); reached.append(address)
    except (OSError, UnicodeError): pass
try:
    s = socket.socket(socket.AF_UNIX); s.connect("\0" + name); reached.append("abstract")
except OSError: pass
for cid in (0, 1, 2):
    try:
        s = socket.socket(40, socket.SOCK_STREAM); s.settimeout(0.5); s.connect((cid, port)); reached.append(f"vsock {cid}")
    except OSError: pass
print(reached)
'''
words = (PYTHON, "-c", REACH, str(port), f"loopback-{os.getpid()}")
done = run(*as_test_user(*BWRAP, *words))
control("127.0.0.1" in done.stdout and "abstract" in done.stdout, f"bubblewrap with the network of the host: {done}")
for mode in ("none", "loopback"):
    for how, done in every_way(*words, profile="shell", options=["--set", f'network.mode="{mode}"']):
        equal(done.stdout, "[]\n", f"{how}, network {mode} ({done.stderr})")
canary.unchanged("without a stack")
# With a stack in user space: the world is reached, the host's loopback is not; granted, it is, which is the control.
runpy.run_path(os.path.join(TESTS, "cases/runtime/network-user/check.py"), run_name="__main__")
canary.unchanged("after all")
