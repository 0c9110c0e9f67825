"""What A25 and A26 share: a session bus of the host, and scripts that find `raw_bus` and whatever bus there is inside."""
from attack import *

BUS_PATH = f"{RUNTIME}/bus"
HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = f"import os, sys\nsys.dont_write_bytecode = True\nsys.path.insert(0, {HERE!r})\nfrom raw_bus import *\n" \
    f"given = os.environ.get('DBUS_SESSION_BUS_ADDRESS', '')\nPLACES = [{BUS_PATH!r}]\n" \
    "for part in given.split(';'):\n if part.startswith('unix:path='): PLACES.append(part[10:].split(',')[0])\n if part.startswith('unix:abstract='): PLACES.append('@' + part[14:].split(',')[0])\n"


@contextlib.contextmanager
def session_bus(environment=None):
    process = subprocess.Popen(["/usr/bin/dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address", f"--address=unix:path={BUS_PATH}"], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment or os.environ)
    try:
        check(process.stdout.readline().startswith("unix:"), "the bus did not start")
        yield
    finally:
        process.kill()
        process.communicate()


def launchers():
    """Without a bus, and with one on which a single name may be talked to: by profile."""
    yield "minimal", [*MINIMAL, "--bind", HERE, "--"]
    yield "shell", [SANDBOX, "run", "--profile", "shell", "--bind", HERE, "--"]
    yield "bus", [SANDBOX, "run", "--profile", profile('[app]\nid = "org.example.Bus"\n[dbus.session]\n"org.example.Talked" = "talk"\n', "org.example.Bus"), "--bind", HERE, "--"]
