"""The bus starts the sandboxed app, where it would have started the app outside."""
import os
import subprocess

from desk import ENVIRONMENT, HOME, OWN, PREFIX, VIEWER, integrate, make, read, reported
from support import check, equal, run, wait_until

make()
socket = os.path.join(os.environ["XDG_RUNTIME_DIR"], "bus")
bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={socket}"], env=ENVIRONMENT,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
ENVIRONMENT["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={socket}"
start = ["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/org/freedesktop/DBus",
         "--method", "org.freedesktop.DBus.StartServiceByName", "org.example.Viewer", "0"]
try:
    wait_until("the bus is there", lambda: os.path.exists(socket))
    equal(reported(*start)[:2], [os.uname().nodename, "--gapplication-service"], "the control: outside")
    equal(integrate("viewer").returncode, 0, "integrate")
    text = read(os.path.join(OWN["service"], "org.example.Viewer.service"))
    check(f"Exec={PREFIX}{VIEWER} --gapplication-service\n" in text, text)
    check("SystemdService" not in text, "systemd would start a unit of its own")
    # The same bus: it was told to read its folders again.
    equal(reported(*start)[:2], ["sandbox", "--gapplication-service"], "inside")
    equal(integrate("--undo").returncode, 0, "undo")
    equal(reported(*start)[0], os.uname().nodename, "outside again")
finally:
    bus.terminate()
    bus.wait(10)
