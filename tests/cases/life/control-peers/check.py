"""The control socket answers its own user alone, by what the kernel says of who asks: not another user who was let into the folder, not root."""
import socket
import struct

from life.helpers import *

check(os.getuid() == 0, "this case wants root")
uid, gid = int(os.environ["TEST_UID"]), int(os.environ["TEST_GID"])
user = dict(user=uid, group=gid, extra_groups=[])
process = subprocess.Popen([SANDBOX, "run", "--profile", "minimal", "--id", "asked", "--", "/bin/sleep", "60"], stdin=subprocess.DEVNULL, **user)
try:
    path = os.path.join(RECORDS, "asked/control")
    wait_until("it runs", lambda: run(SANDBOX, "state", "asked", **user).returncode == 0 and json.loads(run(SANDBOX, "state", "asked", **user).stdout)["status"] == "running")

    def answer_to(who):
        """What is said to who connects: the number of descriptors, or the end."""
        ask = "import socket, sys\n" \
            "s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.settimeout(10); s.connect(sys.argv[1])\n" \
            "notice, rights, _, _ = socket.recv_fds(s, 100, 4); print(len(notice), len(rights))"
        return run("/usr/bin/python3", "-c", ask, path, user=who, group=who, extra_groups=[])

    equal(answer_to(uid).stdout, "12 1\n", "the control: the user is answered, with a descriptor")
    for folder in (os.path.dirname(RECORDS), RECORDS, os.path.dirname(path)):
        os.chmod(folder, 0o755)
    os.chmod(path, 0o777)
    for other in (0, uid + 1, 65534):
        done = answer_to(other)
        equal((done.stdout, done.returncode), ("0 0\n", 0), f"user {other} is let go without a word: {done.stderr}")
    equal(answer_to(uid).stdout, "12 1\n", "its user is answered as before")
    for folder in (os.path.dirname(path), RECORDS, os.path.dirname(RECORDS)):
        os.chmod(folder, 0o700)
    succeeds(run(SANDBOX, "kill", "asked", **user), "kill")
    equal(process.wait(10), 143, "the status")
finally:
    process.kill()
    process.wait()
