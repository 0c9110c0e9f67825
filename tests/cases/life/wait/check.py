"""wait: several may wait, each gets the app's status; a killed supervisor reads as 137; the socket answers its user alone."""
import socket
import struct

from life.helpers import *

with running("waited", "/bin/sh", "-c", "trap 'exit 42' TERM; while :; do sleep 0.02; done"):
    waiters = [subprocess.Popen([SANDBOX, "wait", "waited"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(5)]
    late = verb("wait", "--timeout", "1", "waited")
    one_error(late, 125, "not ended")
    check(late.stderr.endswith(" in that time; wait longer, or end it by sandbox kill\n"), f"more than is to be told: {late.stderr!r}")
    path = os.path.join(RECORDS, "waited/control")
    for message in (b"", b"x", b"\xff" * 4000): # whatever is said to it, it goes on
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client:
            client.connect(path)
            notice, rights, _, _ = socket.recv_fds(client, 100, 4)
            equal((struct.unpack("=BxxxiI", notice)[0], len(rights)), (0, 1), "the first notice: running, and a pidfd")
            with open(f"/proc/self/fdinfo/{rights[0]}") as file:
                check(f"Pid:\t{json.loads(verb('state', 'waited').stdout)['app-pid']}\n" in file.read(), "the pidfd is the app's")
            client.send(message or b"\0")
            try:
                said = client.recv(10)
            except ConnectionResetError:
                said = b""
            equal(said, b"", "who speaks is let go")
        for descriptor in rights:
            os.close(descriptor)
    succeeds(verb("kill", "waited"), "kill")
    equal([waiter.wait(10) for waiter in waiters], [42] * 5, "the statuses")
with running("waited", "/bin/sleep", "60"):
    waiter = subprocess.Popen([SANDBOX, "wait", "waited"])
    time.sleep(0.2)
    os.kill(json.loads(verb("state", "waited").stdout)["supervisor-pid"], signal.SIGKILL)
    equal(waiter.wait(10), 137, "the status when the supervisor was killed")
verb("ps")
no_survivors()
