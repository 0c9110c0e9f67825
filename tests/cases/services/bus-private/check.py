"""A name that an app owns for itself: it sees it, and so does whatever it starts; nobody outside speaks to the app by it, nor
does the app speak to a twin outside."""
from services.helpers import *

profile("org.example.Private", '[dbus.session]\n"org.example.Twin" = "own-private"\n"org.example.Group.*" = "own-private"\n"org.mpris.MediaPlayer2.demo" = "own-private"\n"org.example.Talked" = "talk"\n')
SCRIPT = r'''
first, second = wire.Connection(BUS), wire.Connection(BUS)
print("owned", first.bus("RequestName", "su", "org.example.Twin", 4).values(), first.bus("RequestName", "su", "org.example.Group.One", 4).values())
refused = first.bus("RequestName", "su", "org.example.Other", 4)
print("other", refused.kind == wire.ERROR)
acquired = [m.values()[0] for m in first.queue if m.fields.get(wire.MEMBER) == "NameAcquired"]
print("acquired", "org.example.Twin" in acquired)
print("player", first.bus("RequestName", "su", "org.mpris.MediaPlayer2.demo", 4).values(), *[n for n in second.bus("ListNames").values()[0] if "mpris" in n])
print("owner", second.bus("GetNameOwner", "s", "org.example.Twin").values() == [first.name])
print("names", *[n for n in second.bus("ListNames").values()[0] if "Twin" in n])
second.bus("AddMatch", "s", "type='signal',sender='org.example.Twin'")
serial = second.send(wire.CALL, {wire.PATH: "/", wire.INTERFACE: "org.example.Iface", wire.MEMBER: "Open", wire.DESTINATION: "org.example.Twin"}, "s", ["inside.txt"])
got = first.next()
while got and got.fields.get(wire.MEMBER) != "Open": got = first.next()
print("opened by", got and got.values())
first.send(wire.RETURN, {wire.REPLY_SERIAL: got.serial, wire.DESTINATION: got.fields[wire.SENDER]}, "s", ["done"])
answer = second.next()
while answer and answer.fields.get(wire.REPLY_SERIAL) != serial: answer = second.next()
print("answered", answer.values())
print("talked", second.verdict("org.example.Talked", "/", "org.example.Iface", "Any"))
print("waiting", flush=True)
sys.stdin.readline()
first.bus("GetId")
print("heard", *[m.values() for m in first.queue if m.fields.get(wire.MEMBER) == "Open"])
'''
with bus():
    twin, talked = Service("org.example.Twin", "org.mpris.MediaPlayer2.demo"), Service("org.example.Talked")
    host = wire.Connection(SESSION_BUS)
    process = subprocess.Popen([SANDBOX, "run", "--profile", "org.example.Private", "--bind", HERE, "--", "/usr/bin/python3", "-c",
                                f"import sys, os; sys.dont_write_bytecode = True; sys.path.insert(0, {os.path.dirname(HERE)!r}); from services import wire\n"
                                "BUS = os.environ['DBUS_SESSION_BUS_ADDRESS'].removeprefix('unix:path=')\n" + SCRIPT],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = []
    while not lines or lines[-1] != "waiting":
        line = process.stdout.readline()
        if not line:
            fail(f"it ended early: {lines} {process.stderr.read()}")
        lines.append(line.rstrip("\n"))
    equal(lines, ["owned [1] [1]", "other True", "acquired True", "player [1] org.mpris.MediaPlayer2.demo", "owner True", "names org.example.Twin", "opened by ['inside.txt']", "answered ['done']",
                  "talked ok", "waiting"], "inside")
    # A program of the host that opens a file with the twin reaches the twin of the host, and that alone.
    equal(host.call("org.example.Twin", "/", "org.example.Iface", "Open", "s", ["outside.txt"]).values(), ["Open"], "from the host")
    equal([m for m in twin.members() if m], ["Open"], "what the twin outside was sent")
    equal([m.values() for m in twin.seen if m.fields.get(wire.MEMBER) == "Open"], [["outside.txt"]], "what the twin outside was told to open")
    names = [n for n in host.bus("ListNames").values()[0] if n.startswith("org.sandbox.private.")]
    equal(len(names), 2, f"the names outside: {names}")
    # A player is found by whoever looks through the players, beside the one of the host and under no other's name.
    players = [n for n in host.bus("ListNames").values()[0] if n.startswith("org.mpris.MediaPlayer2.")]
    equal(len(players), 2, f"the players outside: {players}")
    own = next(n for n in players if n != "org.mpris.MediaPlayer2.demo")
    check(own.startswith("org.mpris.MediaPlayer2.sandbox.i") and own.endswith(".demo"), own)
    equal(host.bus("GetNameOwner", "s", "org.mpris.MediaPlayer2.demo").values(), [twin.name], "whose the plain name is")
    out, err = process.communicate("\n", timeout=20)
    equal((process.returncode, out, err), (0, "heard\n", ""), "what the app was sent from outside")
