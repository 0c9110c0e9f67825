"""The lines of a detached app go to the journal, and to nobody where the journal takes no one; the start waits for neither."""
import socket
import struct

from manager import *

PATH = "/run/systemd/journal/stdout"
DETACHED = [SANDBOX, "run", "--detach", "--profile", "minimal", "--id"]
HEAD = "minimal\n\n6\n0\n0\n0\n0\n" # who writes, unit, priority, prefix of a level, copies to syslog, kernel, console


def listening(backlog):
    if os.path.exists(PATH):
        os.unlink(PATH)
    journal = socket.socket(socket.AF_UNIX)
    journal.bind(PATH)
    journal.listen(backlog)
    journal.settimeout(20)
    return journal


def stream_of(journal, app):
    """The stream of that app, at the beginning of its lines, and its head; others of the session write to the journal as well."""
    while True:
        stream, _ = journal.accept()
        stream.settimeout(20)
        head = b""
        while head.count(b"\n") < 7:
            head += stream.recv(1)
        if head.startswith(app.encode() + b"\n"):
            return stream, head.decode()
        others.append(stream)


others = []


def streams(name):
    state = json.loads(succeeds(verb("state", name), "state"))
    return {pid: [os.readlink(f"/proc/{pid}/fd/{stream}").split(":")[0] for stream in range(3)] for pid in (state["supervisor-pid"], state["app-pid"])}


if os.stat(os.path.dirname(PATH)).st_uid != os.getuid():
    # systemd-journald itself, which keeps what it gets from this user: it takes the stream, and goes on taking lines.
    done = run(*DETACHED, "taken", "--", "/bin/sh", "-c", "n=0; while [ $n -lt 50 ]; do echo line $n || exit 9; n=$((n + 1)); done; echo >/tmp/mark; exec sleep 600")
    equal((done.returncode, done.stdout, done.stderr), (0, "taken\n", ""), "a start beside the journal")
    wait_until("fifty lines are taken", lambda: verb("exec", "taken", "--", "/bin/test", "-e", "/tmp/mark").returncode == 0)
    for pid, kinds in streams("taken").items():
        equal(kinds, ["/dev/null", "socket", "socket"], f"the streams of {pid}")
    succeeds(verb("kill", "--all", "taken"), "kill")
    nothing_left()
    sys.exit(0)
journal = listening(8)
script = "echo out; echo err >&2; echo '<0>loud'; read word && echo something came in; sleep 600"
equal(run(*DETACHED, "heard", "--", "/bin/sh", "-c", script).stdout, "heard\n", "the id")
stream, head = stream_of(journal, "minimal")
equal(head, HEAD, "its head")
text = ""
while "loud\n" not in text:
    piece = stream.recv(4096).decode()
    check(piece, f"the stream has ended after {text!r}")
    text += piece
equal(text, "out\nerr\n<0>loud\n", "what the journal gets")
state = json.loads(verb("state", "heard").stdout)
equal(struct.unpack("3i", stream.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0], state["supervisor-pid"], "who writes, for the journal")
check("/app-sandbox-heard.scope/" in group_of(state["supervisor-pid"]), "and its unit")
for pid, kinds in streams("heard").items():
    equal(kinds, ["/dev/null", "socket", "socket"], f"the streams of {pid}")
# Nothing comes in by it, and nothing else of the journal is in reach.
try:
    stream.send(b"a word\n")
    fail("the app's side takes what the journal says")
except BrokenPipeError:
    pass
equal(verb("exec", "heard", "--", "/bin/ls", "/run/systemd").returncode, 2, "the journal's folder inside")
succeeds(verb("kill", "--all", "heard"), "kill")
equal(stream.recv(4096), b"", "it ends with the app")

# A journal that takes nobody any more is not waited for.
journal.close()
journal = listening(0)
waiting = socket.socket(socket.AF_UNIX)
waiting.connect(PATH)
equal(run(*DETACHED, "unheard", "--", "/bin/sleep", "600").stdout, "unheard\n", "with a full backlog")
for pid, kinds in streams("unheard").items():
    equal(kinds, ["/dev/null"] * 3, f"the streams of {pid}")
succeeds(verb("kill", "--all", "unheard"), "kill")
journal.close()
equal(run(*DETACHED, "alone", "--", "/bin/sleep", "600").stdout, "alone\n", "with a socket that nobody listens on")
succeeds(verb("kill", "--all", "alone"), "kill")
os.unlink(PATH)
# A start that is not detached speaks to its caller alone.
journal = listening(8)
equal(run(*MINIMAL, "--", "/bin/echo", "mine").stdout, "mine\n", "attached")
journal.settimeout(0.5)
try:
    stream_of(journal, "minimal")
    fail("an attached app went to the journal")
except TimeoutError:
    pass
os.unlink(PATH)
nothing_left()
