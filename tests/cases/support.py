"""What check.py scripts share: starting the sandbox, the probe's document, terminals, waiting."""
import array
import fcntl
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time

SANDBOX = os.environ["SANDBOX"]
PROBE = os.environ["PROBE"]
HOME = os.environ["HOME"]
PATIENCE = float(os.environ.get("PATIENCE", "1"))  # a slow machine's deadlines are so many times as long
MINIMAL = [SANDBOX, "run", "--profile", "minimal"]
PROBING = MINIMAL + ["--bind", PROBE]


def fail(text):
    sys.exit(f"FAILED: {text}")


def check(condition, text):
    if not condition:
        fail(text)


def equal(found, wanted, what):
    check(found == wanted, f"{what}: {found!r}, wanted {wanted!r}")


def minimal(*command, options=(), **keywords):
    """Runs a command under the minimal profile; the finished process with its output as text."""
    return run(*MINIMAL, *options, "--", *command, **keywords)


def run(*command, **keywords):
    keywords.setdefault("stdin", subprocess.DEVNULL)
    keywords.setdefault("stdout", subprocess.PIPE)
    keywords.setdefault("stderr", subprocess.PIPE)
    keywords.setdefault("timeout", 20 * PATIENCE)
    return subprocess.run(command, text=True, errors="backslashreplace", **keywords)


def probe(*arguments, options=(), program=SANDBOX, profile="minimal", **keywords):
    """The probe's document from inside."""
    done = run(program, "run", "--profile", profile, "--bind", PROBE, *options, "--", PROBE, *arguments, **keywords)
    equal(done.returncode, 0, f"status of the probe (stderr: {done.stderr.strip()})")
    return json.loads(done.stdout)


def works():
    """The control of cases that expect refusals: without it they would pass where nothing starts at all."""
    done = minimal("/bin/echo", "it works")
    equal((done.returncode, done.stdout, done.stderr), (0, "it works\n", ""), "a plain start")


def one_error(done, status=125, *needles):
    """Asserts one line of error that begins with `sandbox: ` and holds the needles."""
    equal(done.returncode, status, f"status (stderr: {done.stderr!r})")
    lines = done.stderr.splitlines()
    check(len(lines) == 1 and lines[0].startswith("sandbox: "), f"not one line of ours: {done.stderr!r}")
    for needle in needles:
        check(needle in lines[0], f"{needle!r} is not in {lines[0]!r}")
    check(all(ord(c) >= 0x20 for c in lines[0]), f"control characters in {lines[0]!r}")


def wait_until(what, condition, seconds=10.0):
    deadline = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.01)
    fail(f"not within {seconds} s: {what}")


def status_of(process):
    try:
        with open(f"/proc/{process}/status") as file:
            return dict(re.findall(r"^(\w+):\s*(.*)$", file.read(), re.M))
    except OSError:
        return {}


def descendants(process):
    """Living processes below `process`: number to name, the deepest last."""
    found, parents = {}, {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        status = status_of(name)
        if status and not status["State"].startswith("Z"):
            parents[int(name)] = (int(status["PPid"]), status["Name"])
    level = [process]
    while level:
        level = [child for child, (parent, _) in parents.items() if parent in level]
        found.update((child, parents[child][1]) for child in level)
    return found


def own_processes():
    """Living processes of this user, other than this script."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        status = status_of(name)
        if status and str(os.getuid()) in status["Uid"].split() and not status["State"].startswith("Z"):
            if int(name) != os.getpid():
                found[int(name)] = status["Name"]
    return found


def no_survivors(seconds=5.0):
    deadline = time.monotonic() + seconds
    while (left := own_processes()) and time.monotonic() < deadline:
        time.sleep(0.01)
    check(not left, f"survivors: {left}")


def started(process, name, seconds=10.0):
    """Waits until the command `name` runs below the process; its number."""
    def look():
        check(process.poll() is None, f"ended early with {process.poll()}")
        return next((number for number, found in descendants(process.pid).items() if found == name), None)
    return wait_until(f"{name} runs", look, seconds)


class Terminal:
    """A command on a pseudo terminal of its own, as its session leader and with it as its controlling terminal."""

    def __init__(self, *command, rows=24, columns=80):
        self.master, slave = pty.openpty()
        self.slave = slave
        self.resize(rows, columns)
        self.before = termios.tcgetattr(slave)
        self.process = os.fork()
        if self.process == 0:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for number in range(3):
                os.dup2(slave, number)
            os.closerange(3, 256)
            os.execv(command[0], command)
        self.output = ""
        self.status = None

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, array.array("H", [rows, columns, 0, 0]))

    def send(self, text):
        os.write(self.master, text.encode())

    def read_some(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            try:
                self.output += os.read(self.master, 65536).decode("utf-8", "replace")
                return True
            except OSError:
                return False
        return False

    def expect(self, pattern, seconds=10.0):
        """Waits for the regular expression in what was not yet taken; what it matched is taken."""
        deadline = time.monotonic() + seconds
        while True:
            if match := re.search(pattern, self.output, re.S):
                self.output = self.output[match.end():]
                return match
            check(time.monotonic() < deadline, f"no {pattern!r} in {self.output!r}")
            self.read_some(0.05)

    def ended(self, seconds=10.0):
        """The exit status; 128+N for a signal."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            number, status = os.waitpid(self.process, os.WNOHANG)
            if number:
                while self.read_some(0):
                    pass
                return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
            self.read_some(0.02)
        fail(f"did not end; output: {self.output!r}")

    def hang_up(self):
        os.close(self.slave)
        os.close(self.master)
