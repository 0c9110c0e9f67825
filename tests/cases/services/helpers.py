"""What the cases of services share: busses, services of the host on them, sandboxes with a profile of the case."""
import contextlib
import threading

from services import wire
from support import *

RUNTIME = os.environ["XDG_RUNTIME_DIR"]
HERE = os.path.dirname(os.path.abspath(__file__))
SESSION_BUS = os.path.join(RUNTIME, "bus")


@contextlib.contextmanager
def bus(path=SESSION_BUS, address=None):
    """A bus of the host, ended with the block."""
    process = subprocess.Popen(["/usr/bin/dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address",
                                f"--address={address or 'unix:path=' + path}"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        check(process.stdout.readline().startswith("unix:"), "the bus did not start")
        yield process
    finally:
        process.kill()
        process.communicate()


class Service(threading.Thread):
    """Owns names on the host's bus and keeps all that is sent to it; each call is answered with its own member's name."""

    def __init__(self, *names, path=SESSION_BUS):
        super().__init__(daemon=True)
        self.connection = wire.Connection(path)
        self.seen = []
        for name in names:
            equal(self.connection.bus("RequestName", "su", name, 0).values(), [1], f"owning {name}")
        self.name = self.connection.name
        self.start()

    def run(self):
        try:
            while True:
                got = self.connection.next(3600)
                if got is None:
                    return
                self.seen.append(got)
                if got.kind == wire.CALL and not got.flags & 1:
                    self.connection.send(wire.RETURN, {wire.REPLY_SERIAL: got.serial, wire.DESTINATION: got.fields[wire.SENDER]},
                                         "s", [got.fields[wire.MEMBER]])
        except (wire.Closed, OSError):
            pass

    def emit(self, member, text, interface="org.example.Signals", path="/"):
        self.connection.send(wire.SIGNAL, {wire.PATH: path, wire.INTERFACE: interface, wire.MEMBER: member}, "s", [text])

    def members(self):
        return [m.fields.get(wire.MEMBER) for m in self.seen if m.fields.get(wire.SENDER) != wire.BUS]


def profile(name, text):
    """A profile of the user's, written at once; its path."""
    folder = os.path.join(HOME, ".config/sandbox/apps")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{name}.toml")
    with open(path, "w") as file:
        file.write(f'schema = 1\n[app]\nexec = ["/bin/sh"]\n' + text)
    return path


def inside(name, script, *arguments, options=(), **keywords):
    """Runs a Python script inside, which finds `wire` and this folder; the finished process."""
    head = f"import sys, os; sys.dont_write_bytecode = True; sys.path.insert(0, {os.path.dirname(HERE)!r}); from services import wire\n" \
        "BUS = os.environ.get('DBUS_SESSION_BUS_ADDRESS', '').removeprefix('unix:path=')\n"
    return run(SANDBOX, "run", "--profile", name, "--bind", HERE, *options, "--", "/usr/bin/python3", "-c", head + script, *arguments, **keywords)


def said(done, what):
    """The lines of a script that ended well, and said nothing else."""
    equal((done.returncode, done.stderr), (0, ""), what)
    return done.stdout.splitlines()


class Display:
    """An X server of the host with a cookie, ended with the block."""

    def __enter__(self):
        self.authority = os.path.join(HOME, "host-xauthority")
        # Ours to choose: the server says which number is free.
        run("xauth", "-q", "-f", self.authority, "add", ":0", ".", os.urandom(16).hex())
        self.server = subprocess.Popen(["Xvfb", "-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp", "-auth", self.authority, "-noreset"],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.number = self.server.stdout.readline().strip()
        check(self.number.isdigit(), "Xvfb did not start")
        self.mine = os.path.join(HOME, ".Xauthority")
        cookie = run("xauth", "-f", self.authority, "list").stdout.split()[-1]
        run("xauth", "-q", "-f", self.mine, "add", f":{self.number}", ".", cookie)
        self.environment = {**os.environ, "DISPLAY": f":{self.number}", "XAUTHORITY": self.mine}
        return self

    def __exit__(self, *_):
        self.server.kill()
        self.server.communicate()

    def windows(self):
        """Of all clients: name to the machine that it says it runs on."""
        found = {}
        for number in run("xdotool", "search", "--name", ".", env=self.environment).stdout.split():
            name = run("xdotool", "getwindowname", number, env=self.environment).stdout.strip()
            machine = run("xprop", "-id", number, "WM_CLIENT_MACHINE", env=self.environment).stdout
            found[name] = machine.split('"')[1] if '"' in machine else ""
        return found
