"""On the session bus an app sees, calls, hears and owns what its profile says, and nothing else; nothing else arrives."""
from services.helpers import *

profile("org.example.Bus", """
[dbus.session]
"org.example.Seen"   = "see"
"org.example.Talked" = "talk"
"org.example.Group.*" = "talk"
"org.example.Mine"   = "own"
"org.example.Called" = { call = ["org.example.Iface.Good@/good", "org.example.Other.*"], broadcast = ["org.example.Signals.Good@/"] }
"org.example.Refused" = "none"
""")
HIDDEN = ["org.freedesktop.systemd1", "org.gnome.Shell", "org.example.Hidden", "org.example.Refused", "org.example.Groupie"]
SCRIPT = r'''
c = wire.Connection(BUS)
def calls(name, path="/x", iface="org.example.Iface", member="Any", *rest):
    print(name, path, member, c.verdict(name, path, iface, member, *rest))
for name in sys.argv[1].split(): calls(name)
calls("org.example.Called", "/good", "org.example.Iface", "Good")
calls("org.example.Called", "/bad", "org.example.Iface", "Good")
calls("org.example.Called", "/good", "org.example.Iface", "Bad")
calls("org.example.Called", "/any", "org.example.Other", "Free")
calls("org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "StartTransientUnit", "ssa(sv)a(sv)", ("x.service", "fail", [], []))
calls("org.gnome.Shell", "/org/gnome/Shell", "org.gnome.Shell", "Eval", "s", ("1",))
for member, signature, values in (("UpdateActivationEnvironment", "as", [[]]), ("ReloadConfig", "", [])):
    print("bus", member, c.verdict(wire.BUS, "/org/freedesktop/DBus", wire.BUS, member, signature, values))
print("monitor", c.verdict(wire.BUS, "/org/freedesktop/DBus", "org.freedesktop.DBus.Monitoring", "BecomeMonitor", "asu", ([], 0)))
for name in ("org.example.Mine", "org.example.Other", "org.example.Talked"):
    answer = c.bus("RequestName", "su", name, 4)
    print("own", name, answer.values()[0] if answer.kind == wire.RETURN else "refused")
print("names", *sorted(n for n in c.bus("ListNames").values()[0] if n[0] != ":"))
print("has", *[c.bus("NameHasOwner", "s", n).values()[0] for n in ("org.example.Seen", "org.example.Hidden")])
c.bus("AddMatch", "s", "type='signal'")
print("listening", flush=True)
sys.stdin.readline()
c.bus("GetId")
print("heard", *sorted(m.values()[0] for m in c.queue if m.fields.get(wire.INTERFACE) == "org.example.Signals"))
'''
with bus():
    services = {name: Service(name) for name in ["org.example.Seen", "org.example.Talked", "org.example.Called", "org.example.Group.One", *HIDDEN]}
    # The control: a program of the host reaches them all.
    control = wire.Connection(SESSION_BUS)
    for name in services:
        equal(control.verdict(name, "/x", "org.example.Iface", "Any"), "ok", f"{name} from the host")
        services[name].seen.clear()
    names = " ".join(services)
    process = subprocess.Popen([SANDBOX, "run", "--profile", "org.example.Bus", "--bind", HERE, "--", "/usr/bin/python3", "-c",
                                f"import sys, os; sys.dont_write_bytecode = True; sys.path.insert(0, {os.path.dirname(HERE)!r}); from services import wire\n"
                                "BUS = os.environ['DBUS_SESSION_BUS_ADDRESS'].removeprefix('unix:path=')\n" + SCRIPT, names],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = []
    while not lines or lines[-1] != "listening":
        line = process.stdout.readline()
        if not line:
            fail(f"it ended early: {lines} {process.stderr.read()}")
        lines.append(line.rstrip("\n"))
    for name in services:
        services[name].emit("Good", f"good of {name}")
        services[name].emit("Bad", f"bad of {name}")
    services["org.example.Called"].connection.send(wire.CALL, {wire.PATH: "/", wire.MEMBER: "X", wire.DESTINATION: wire.BUS, wire.INTERFACE: wire.BUS})
    time.sleep(0.3)  # the signals have left; one that came late would only be missed
    out, err = process.communicate("\n", timeout=20)
    lines += out.splitlines()
    equal((process.returncode, err), (0, ""), "the app")
    equal(lines[:len(services)], [f"{name} /x Any " + ("ok" if name in ("org.example.Talked", "org.example.Group.One") else
                                                       "AccessDenied" if name in ("org.example.Seen", "org.example.Called") else "ServiceUnknown")
                                  for name in services], "plain calls")
    rest = lines[len(services):]
    equal(rest[:4], ["org.example.Called /good Good ok", "org.example.Called /bad Good AccessDenied", "org.example.Called /good Bad AccessDenied",
                     "org.example.Called /any Free ok"], "calls by rule")
    equal(rest[4:6], ["org.freedesktop.systemd1 /org/freedesktop/systemd1 StartTransientUnit ServiceUnknown",
                      "org.gnome.Shell /org/gnome/Shell Eval ServiceUnknown"], "ways out")
    equal(rest[6:9], ["bus UpdateActivationEnvironment AccessDenied", "bus ReloadConfig AccessDenied", "monitor AccessDenied"], "the bus itself")
    equal(rest[9:12], ["own org.example.Mine 1", "own org.example.Other refused", "own org.example.Talked refused"], "owning")
    equal(rest[12], "names org.example.Called org.example.Group.One org.example.Mine org.example.Seen org.example.Talked org.freedesktop.DBus", "names")
    equal(rest[13:15], ["has 1 0", "listening"], "owners")
    equal(rest[15], "heard bad of org.example.Group.One bad of org.example.Talked good of org.example.Called good of org.example.Group.One "
          "good of org.example.Talked", "signals")
    for name in [*HIDDEN, "org.example.Seen"]:
        equal(services[name].members(), [], f"what arrived at {name}")
    equal(services["org.example.Called"].members(), ["Good", "Free"], "what arrived at org.example.Called")
