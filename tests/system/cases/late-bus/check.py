"""The first program of a session that speaks to the bus makes the manager start it, and is there before the manager is: that one is
waited for, and where it cannot come nobody is."""
from manager import *

OWN = os.path.join(os.environ["XDG_RUNTIME_DIR"], "bus")
SERVICE = ("dbus.service", "dbus.socket")


def manage(*words):
    done = run("systemctl", "--user", *words)
    equal(done.returncode, 0, f"systemctl {words}: {done.stderr}")


@contextlib.contextmanager
def bus_without_manager(path):
    """A bus on which nobody has the manager's name."""
    reading, writing = os.pipe()
    daemon = subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address=unix:path={path}", f"--print-address={writing}"], pass_fds=[writing])
    os.close(writing)
    try:
        check(os.read(reading, 1000), "the bus did not start")
        yield
    finally:
        daemon.kill()
        daemon.wait()
        os.close(reading)
        os.unlink(path)


def start(**keywords):
    began = time.monotonic()
    done = run(*MINIMAL, "--", "/bin/echo", "said", timeout=60, **keywords)
    equal((done.returncode, done.stdout), (0, "said\n"), done.stderr)
    return time.monotonic() - began, done.stderr


# As after a login: the manager has the socket, and no bus yet. Not more often than systemd lets a service be started.
for _ in range(3):
    manage("stop", "dbus.service")
    equal(start()[1], "", "the first start after a login")
manage("stop", *SERVICE)
with bus_without_manager(OWN):
    late = subprocess.Popen([*MINIMAL, "--id", "late", "--", "/bin/sleep", "60"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_until("its record", lambda: os.path.exists(os.path.join(RECORDS, "late")))
    time.sleep(0.5)
manage("start", "dbus.socket")
wait_until("it runs", lambda: verb("state", "late").returncode == 0 and json.loads(verb("state", "late").stdout)["status"] == "running")
equal(json.loads(verb("state", "late").stdout)["unit"], "app-sandbox-late.scope", "the scope of a manager that came late")
verb("kill", "--all", "late")
equal((late.wait(20), late.stderr.read()), (137, ""), "the one that waited")
nothing_left()
manage("stop", *SERVICE)
with bus_without_manager(OWN):
    took, said = start()
    check("no scope" in said and took > 2, f"a manager that never comes: after {took:.1f} s: {said!r}")
manage("start", "dbus.socket")
# Another bus is somebody's own: the manager will never be there.
other = os.path.join(os.environ["HOME"], "other")
with bus_without_manager(other):
    took, said = start(env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={other}"})
    check("no scope" in said and took < 2, f"a bus that is not the manager's: after {took:.1f} s: {said!r}")
manage("stop", *SERVICE)
manager = int(os.environ["MANAGER"])
os.kill(manager, signal.SIGKILL)
wait_until("the manager is gone", lambda: has_ended(manager))
with bus_without_manager(OWN):
    took, said = start()
    check("no scope" in said and took < 2, f"a dead manager: after {took:.1f} s: {said!r}")
verb("ps")
equal(os.listdir(RECORDS), [], "records")
