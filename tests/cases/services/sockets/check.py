"""Printing, smart cards and p11-kit open the socket of their server, and each that one alone. The servers are of the case, under the
paths of the real ones, in a namespace of the case."""
import ctypes
import shutil
import socketserver
import sys

from services.helpers import *

SERVERS = {"printing": "/run/cups/cups.sock", "smart-cards": "/run/pcscd/pcscd.comm", "p11-kit": f"{RUNTIME}/p11-kit/pkcs11"}
BESIDE = ["/run/cups/other.sock", "/run/pcscd/other.comm", "/run/docker.sock", f"{RUNTIME}/p11-kit/other"]
ASK = """import os, socket, sys
for path in sys.argv[1:]:
    try:
        s = socket.socket(socket.AF_UNIX); s.settimeout(10); s.connect(path); s.sendall(b"hello\\n")
        print(path, s.makefile().readline().strip())
    except OSError as error:
        print(path, "refused")
print(os.environ.get("CUPS_SERVER"), os.environ.get("P11_KIT_SERVER_ADDRESS"))
"""
BARE = ["setpriv", "--ambient-caps=-all", "--inh-caps=-all"]
if "--inside" not in sys.argv:
    for name in (*SERVERS, "none"):
        profile(f"org.example.{name}", f"[services]\n{name} = true\n" if name in SERVERS else "")
    os.execv("/usr/bin/unshare", ["unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "/usr/bin/python3", "-B", sys.argv[0], "--inside"])


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"served " + self.rfile.readline())


# An own /run, with the user's runtime folder as it is.
libc = ctypes.CDLL(None, use_errno=True)
kept = os.open(RUNTIME, os.O_PATH)
if libc.mount(b"tmpfs", b"/run", b"tmpfs", 0, None) != 0:
    fail("mounting /run: " + os.strerror(ctypes.get_errno()))
os.makedirs(RUNTIME)
if libc.mount(f"/proc/self/fd/{kept}".encode(), RUNTIME.encode(), None, 4096, None) != 0:
    fail("mounting the runtime folder: " + os.strerror(ctypes.get_errno()))
os.close(kept)
for path in [*SERVERS.values(), *BESIDE]:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    threading.Thread(target=socketserver.ThreadingUnixStreamServer(path, Handler).serve_forever, daemon=True).start()
PATHS = [*SERVERS.values(), *BESIDE]
words = ["/usr/bin/python3", "-c", ASK, *PATHS]
equal(run(*BARE, *words).stdout.splitlines()[:-1], [f"{path} served hello" for path in PATHS], "the control: from outside")
for name in (*SERVERS, "none"):
    done = run(*BARE, SANDBOX, "run", "--profile", f"org.example.{name}", "--set", "app.file-arguments=none", "--", *words)
    equal((done.returncode, done.stderr), (0, ""), name)
    lines = done.stdout.splitlines()
    equal(lines[:-1], [f"{path} " + ("served hello" if path == SERVERS.get(name) else "refused") for path in PATHS], f"the sockets of {name}")
    told = {"printing": f"{SERVERS['printing']} None", "p11-kit": f"None unix:path={SERVERS['p11-kit']}"}.get(name, "None None")
    equal(lines[-1], told, f"the variables of {name}")
# Without its socket an app starts, but for one that requires it.
for name, path in SERVERS.items():
    start = [*BARE, SANDBOX, "run", "--profile", f"org.example.{name}"]
    required = [*start, "--set", f'require.services=["{name}"]', "--", "/bin/true"]
    equal((run(*required).returncode, run(*required).stderr), (0, ""), f"{name}, required and there")
    os.unlink(path)
    equal(run(*start, "--", "/bin/true").returncode, 0, f"{name}, not there")
    one_error(run(*required), 125, f"the service '{name}' is required and not to be had: '{path}' is not there, or not shown; start it where it is there")
shutil.rmtree(os.path.join(RUNTIME, "p11-kit"))
