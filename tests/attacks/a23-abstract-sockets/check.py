"""A23 (CVE-2020-15257): with the network of the host every abstract socket of the host is in reach, the X server's too."""
import socket

from attack import *

canary = Canary()
CONNECT = r'''
import errno, socket, sys
for name in sys.argv[1:]:
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        s = socket.socket(socket.AF_UNIX, kind)
        try:
            s.connect("\0" + name)
            print(name, "reached")
        except OSError as error:
            print(name, errno.errorcode[error.errno])
'''
names = [f"/tmp/.X11-unix/X{os.getpid()}", f"containerd-shim/{os.getpid()}", f"/tmp/dbus-{os.getpid()}"]
listening = []
for name in names:
    for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
        one = socket.socket(socket.AF_UNIX, kind)
        try:
            one.bind("\0" + name)
        except OSError:  # one name of one kind at a time
            continue
        if kind != socket.SOCK_DGRAM:
            one.listen(8)
        listening.append(one)


def reached(done):
    check(done.returncode == 0 and done.stdout, f"the attempt itself: {done}")
    return [line for line in done.stdout.splitlines() if line.endswith("reached")]


HOST = ["--set", 'network.mode="host"']
control(reached(python(CONNECT, *names, launcher=BWRAP)), "bubblewrap with the network of the host")
control(reached(python(CONNECT, *names, options=[*HOST, "--set", "process.landlock=false"])), "without Landlock")
for mode in ("none", "loopback", "host"):
    equal(reached(python(CONNECT, *names, options=["--set", f'network.mode="{mode}"'])), [], f"network {mode}")
with running("networked", "/bin/sleep", "60", options=HOST):
    equal(reached(verb("exec", "networked", "--", PYTHON, "-c", CONNECT, *names)), [], "exec")
# Its own abstract sockets work all the same. The network is the host's, where this case may run several times at once.
own = "import socket, sys\na = socket.socket(socket.AF_UNIX); a.bind('\\0' + sys.argv[1]); a.listen(1)\nb = socket.socket(socket.AF_UNIX); b.connect('\\0' + sys.argv[1]); print('own')"
equal(python(own, f"own-{os.getpid()}", options=HOST).stdout, "own\n", "its own abstract socket")
canary.unchanged("after all")
