"""none and loopback are networks of their own; a server of the host's loopback is not reached but with host."""
from support import *
import socket

def shell(*command, options):
    return run(SANDBOX, "run", "--profile", "shell", *options, "--", *command)


server = socket.create_server(("127.0.0.1", 0))
port = server.getsockname()[1]
abstract = socket.socket(socket.AF_UNIX)
abstract.bind(f"\0sandbox-case-{os.getpid()}")
abstract.listen()
client = 'import socket, sys\nfor address in (("127.0.0.1", int(sys.argv[1])), chr(0) + "sandbox-case-" + sys.argv[2]):\n' \
    ' try:\n  s = socket.socket(socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX)\n  s.settimeout(2)\n' \
    '  s.connect(address); print("reached")\n except OSError: print("refused")\n'
for mode, wanted in (("none", ["refused", "refused"]), ("loopback", ["refused", "refused"])):
    done = shell("/usr/bin/python3", "-c", client, str(port), str(os.getpid()), options=["--net", mode])
    equal((done.returncode, done.stdout.split()), (0, wanted), f"--net {mode} {done.stderr}")
done = shell("/usr/bin/python3", "-c", client, str(port), str(os.getpid()), options=["--net", "host"])
equal(done.stdout.split()[:1], ["reached"], f"--net host {done.stderr}")
echo = 'import socket\na = socket.create_server(("127.0.0.1", 0))\nb = socket.create_connection(a.getsockname(), 2)\nprint("loopback works")'
equal(shell("/usr/bin/python3", "-c", echo, options=["--net", "loopback"]).stdout, "loopback works\n", "lo inside")
