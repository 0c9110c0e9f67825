"""A real accessibility bus (at-spi2-core): the app speaks to its registry, as toolkits do, by calls that are named; it cannot listen to
other apps, watch or type keys, read what another app shows, nor switch assistive tools on."""
import shutil

from services.helpers import *

profile("org.example.Seen", "[services]\naccessibility = true\n")
profile("org.example.Unseen", '[dbus.session]\n"org.example.Other" = "see"\n')
ROOT = "/org/a11y/atspi/accessible/root"
SCRIPT = r'''
print("address", os.environ.get("AT_SPI_BUS_ADDRESS"), os.environ["NO_AT_BRIDGE"])
try:
    s = wire.Connection(BUS)
    print("asked", s.verdict("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress"))
    print("switched", s.verdict("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set", "ss", ("org.a11y.Status", "IsEnabled")))
    c = wire.Connection(os.environ["AT_SPI_BUS_ADDRESS"].removeprefix("unix:path="))
except (KeyError, OSError) as error:
    sys.exit(print("no bus of assistive tools"))
REGISTRY = ("org.a11y.atspi.Registry", "/org/a11y/atspi/registry")
print("name", c.name.startswith(":"))
for verdict in (c.verdict(*REGISTRY, "org.a11y.atspi.Registry", "GetRegisteredEvents"),
                c.verdict(*REGISTRY, "org.a11y.atspi.Registry", "RegisterEvent", "s", ("object:",)),
                c.verdict(REGISTRY[0], REGISTRY[1] + "/deviceeventcontroller", "org.a11y.atspi.DeviceEventController", "RegisterKeystrokeListener"),
                c.verdict(REGISTRY[0], REGISTRY[1] + "/deviceeventcontroller", "org.a11y.atspi.DeviceEventController", "GenerateKeyboardEvent"),
                c.verdict(sys.argv[1], "/org/a11y/atspi/accessible/root", "org.a11y.atspi.Accessible", "GetChildren")):
    print(verdict)
'''
with bus():
    environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={SESSION_BUS}"}
    launcher = subprocess.Popen(["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, env=environment)
    try:
        session = wire.Connection(SESSION_BUS)
        wait_until("org.a11y.Bus", lambda: session.bus("NameHasOwner", "s", "org.a11y.Bus").values() == [1], 30)
        address = session.call("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress").values()[0]
        path = address.split("path=")[1].split(",")[0]
        other = Service(path=path) # an app of the host on that bus
        registry = wire.Connection(path)
        equal(registry.verdict("org.a11y.atspi.Registry", "/org/a11y/atspi/registry", "org.a11y.atspi.Registry", "GetRegisteredEvents"), "ok", "the control: the registry")
        equal(registry.verdict(other.name, ROOT, "org.a11y.atspi.Accessible", "GetChildren"), "ok", "the control: another app")
        lines = said(inside("org.example.Seen", SCRIPT, other.name), "with the service")
        equal(lines[0], f"address unix:path={RUNTIME}/at-spi/bus 0", "the address inside")
        equal(lines[1:], ["asked ok", "switched AccessDenied", "name True", "ok", "AccessDenied", "AccessDenied", "AccessDenied", "NameHasNoOwner"], "with the service")
        lines = said(inside("org.example.Unseen", SCRIPT, other.name), "without it")
        equal(lines, ["address None 1", "asked ServiceUnknown", "switched ServiceUnknown", "no bus of assistive tools"], "without it")
    finally:
        for number in [*descendants(launcher.pid), launcher.pid]: # its own bus, and the registry on it
            os.kill(number, signal.SIGKILL)
        launcher.wait()
shutil.rmtree(os.path.join(RUNTIME, "at-spi"))
