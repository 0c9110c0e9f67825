"""With the network of the host, Landlock keeps the app from abstract sockets of others; sockets by path are as granted; signals stay inside."""
from runtime.helpers import *
import socket

abstract = f"\0sandbox-case-landlock-{os.getpid()}"
servers = []
for address in (abstract, f"{HOME}/Downloads/socket"):
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen(8)
    servers.append(server)
client = "import os, socket, sys\n" \
    "for address in (chr(0) + sys.argv[1], sys.argv[2]):\n" \
    " try:\n  s = socket.socket(socket.AF_UNIX); s.connect(address); print('reached')\n" \
    " except OSError as e: print(type(e).__name__)\n" \
    "s = socket.socket(socket.AF_UNIX); s.bind(chr(0) + 'own' + sys.argv[1]); s.listen(); c = socket.socket(socket.AF_UNIX); c.connect(chr(0) + 'own' + sys.argv[1]); print('own reached')\n" \
    "for number in (int(sys.argv[3]), 1):\n" \
    " try:\n  os.kill(number, 0); print('signalled')\n" \
    " except OSError as e: print(type(e).__name__)\n"
arguments = ["/usr/bin/python3", "-c", client, abstract[1:], f"{HOME}/Downloads/socket", str(os.getpid())]
head = f'[network]\nmode = "host"\n[files]\n"{HOME}/Downloads" = "rw"\n'
done = with_profile(head, *arguments)
lines = succeeds(done, "the client").split("\n")
equal(lines[:3], ["PermissionError", "reached", "own reached"], f"with Landlock {done.stderr}")
check(lines[3] in ("ProcessLookupError", "PermissionError") , f"a process outside: {lines}")
done = with_profile(head + "[process]\nlandlock = false\n", *arguments)
equal(succeeds(done, "the control").split("\n")[:3], ["reached", "reached", "own reached"], "the control: without Landlock the abstract socket is reached")
done = with_profile(f'[files]\n"{HOME}/Downloads" = "rw"\n', *arguments)
equal(succeeds(done, "no network").split("\n")[:3], ["ConnectionRefusedError", "reached", "own reached"], "a network of its own")
