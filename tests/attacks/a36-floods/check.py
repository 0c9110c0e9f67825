"""A36 (CVE-2022-31030): floods of output, of processes, of connections: our own memory does not grow."""
import socket

from attack import *

canary = Canary()
MOST = 32 * 1024  # KiB


def peak(number):
    """The most memory that a process ever had, in KiB."""
    return int(status_of(number).get("VmHWM", "0 kB").split()[0])


def ours(process):
    return {number: name for number, name in [(process, status_of(process).get("Name", ""))] + list(descendants(process).items()) if name.startswith("sandbox")}


# The control: a reader that keeps what it was told grows by all of it, and the measure sees that.
reader = subprocess.Popen([PYTHON, "-c", "import sys\nkept = sys.stdin.buffer.read()\nprint('read', flush=True)\nimport time; time.sleep(60)"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for _ in range(64):
    reader.stdin.write(b"x" * (1 << 20))
reader.stdin.close()
reader.stdout.readline()
control(peak(reader.pid) > MOST, f"{peak(reader.pid)} KiB")
reader.kill()
reader.wait()

# 256 MiB to a terminal that is read, then a terminal that nobody reads.
terminal = Terminal(*MINIMAL, "--", "/bin/sh", "-c", "head -c 268435456 /dev/zero; echo; echo all was written; sleep 60")
count = 0
tail = b""
while b"all was written" not in tail:
    piece = os.read(terminal.master, 1 << 16)
    count += len(piece)
    tail = (tail + piece)[-64:]
check(count >= 1 << 28, f"only {count} bytes came")
for number, name in ours(terminal.process).items():
    check(0 < peak(number) < MOST, f"{name}: {peak(number)} KiB after a flood")
os.kill(terminal.process, signal.SIGKILL)
terminal.ended()
terminal = Terminal(*MINIMAL, "--", "/bin/sh", "-c", "yes & yes >/dev/tty & sleep 60")
held = started(type("P", (), {"pid": terminal.process, "poll": lambda self: None})(), "yes")
time.sleep(0.5)
for number, name in ours(terminal.process).items():
    check(0 < peak(number) < MOST, f"{name}: {peak(number)} KiB before a reader that sleeps")
os.kill(terminal.process, signal.SIGKILL)
terminal.ended()
# Processes that end by the thousand: process 1 reaps each.
process = subprocess.Popen([*MINIMAL, "--id", "flooded", "--", "/bin/sh", "-c", "i=0; while [ $i -lt 1500 ]; do /bin/true & i=$((i+1)); [ $((i % 100)) = 0 ] && wait; done; wait; echo done; sleep 60"],
                           stdout=subprocess.PIPE, text=True)
equal(process.stdout.readline(), "done\n", "many processes")
# Clients of the control socket by the hundred, and verbs by the score.
clients = []
for _ in range(300):
    one = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    one.setblocking(False)
    try:
        one.connect(f"{RUNTIME}/sandbox/flooded/control")
        clients.append(one)
    except OSError:
        one.close()
for _ in range(20):
    run(SANDBOX, "exec", "flooded", "--", "/bin/true")
for one in clients:
    one.close()
equal(verb("exec", "flooded", "--", "/bin/echo", "still here").stdout, "still here\n", "a guest after the flood")
for number, name in ours(process.pid).items():
    check(0 < peak(number) < MOST, f"{name}: {peak(number)} KiB after processes and clients")
    check(len(os.listdir(f"/proc/{number}/fd")) < 32 if number == process.pid else True, f"{name}: descriptors are left")
process.kill()
process.wait()
canary.unchanged("after all")
