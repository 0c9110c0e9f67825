"""Raw attacks on the filter: words after BEGIN, eavesdropping, replies that are none. Each is seen to work without the proxy
where it can, and none gets a message past it."""
from services.helpers import *

profile("org.example.Raw", '[dbus.session]\n"org.example.Seen" = "see"\n"org.example.Talked" = "talk"\n')
VICTIM = "org.example.Victim"
# A call that a proxy which still waits for the end of the authentication would pass on unread.
BEGINS = [b"BEGIN \r\n", b"BEGIN\t\r\n", b" BEGIN\r\n", b"BEGIN x\r\n", b"begin\r\n", b"BEGIN\n", b"BEGIN\r\r\n", b"NEGOTIATE_UNIX_FD\r\nBEGIN \r\n",
          b"\r\nBEGIN\r\n", b"BEGIN\0\r\n", b"DATA\r\nBEGIN\r\n"]
SCRIPT = r'''
import time
victim = sys.argv[1]
hello = wire.message(wire.CALL, 1, {wire.PATH: "/org/freedesktop/DBus", wire.INTERFACE: wire.BUS, wire.MEMBER: "Hello", wire.DESTINATION: wire.BUS})
attack = wire.message(wire.CALL, 2, {wire.PATH: "/", wire.INTERFACE: "org.example.Iface", wire.MEMBER: "Begin", wire.DESTINATION: victim})
for begin in BEGINS:
    for parts in ([begin + hello + attack], [begin, hello, attack], [begin[:3], begin[3:] + hello + attack]):
        try:
            c = wire.Connection(BUS, begin=b"", hello=False)
            for part in parts:
                c.raw(part)
                time.sleep(0.02)
            while c.next(0.1): pass
        except (wire.Closed, OSError):
            pass
print("begin done")
# Rules that ask for what others say to each other.
c = wire.Connection(BUS)
for rule in RULES:
    c.call(wire.BUS, "/org/freedesktop/DBus", wire.BUS, "AddMatch", "s", [rule])
print("matching", flush=True)
sys.stdin.readline()
c.bus("GetId")
print("overheard", *[m for m in c.queue if "secret" in repr(m.body)])
# Messages that claim to be answers, or are answers to nothing.
for number in range(1, 40):
    for kind, fields in ((wire.CALL, {wire.PATH: "/", wire.INTERFACE: "org.example.Iface", wire.MEMBER: "Reply"}),
                         (wire.SIGNAL, {wire.PATH: "/", wire.INTERFACE: "org.example.Iface", wire.MEMBER: "Reply"}),
                         (wire.RETURN, {wire.MEMBER: "Reply"}), (wire.ERROR, {wire.ERROR_NAME: "org.example.Error", wire.MEMBER: "Reply"})):
        for to in (victim, sys.argv[2]):
            try:
                c.send(kind, {**fields, wire.REPLY_SERIAL: number, wire.DESTINATION: to}, flags=1)
            except OSError:
                c = wire.Connection(BUS)
try:
    while c.next(0.3): pass
except wire.Closed:
    pass
print("replies done")
'''
RULES = ["eavesdrop=true", "eavesdrop='true'", "eavesdrop =true", " eavesdrop=true", "eavesdrop= true", "\teavesdrop='true'", "eavesdrop\t=\t'true'",
         "type='method_call',eavesdrop=true", "type='method_call', eavesdrop =true", "eavesdrop='tr''ue'", "eavesdrop='true',eavesdrop='false'",
         "type='signal',eavesdrop = 'true'"]
with bus():
    seen = [Service(name) for name in ("org.example.Seen", "org.example.Talked", VICTIM)]
    victim = seen[-1]
    other = wire.Connection(SESSION_BUS)
    # The control: with no proxy between, a rule with a space in it does overhear.
    direct = wire.Connection(SESSION_BUS)
    equal(direct.bus("AddMatch", "s", "eavesdrop =true").kind, wire.RETURN, "the rule on the bus itself")
    other.call(VICTIM, "/", "org.example.Iface", "Private", "s", ["secret"])
    direct.bus("GetId")
    check(any(b"secret" in m.body for m in direct.queue), "the control: the bus lets nobody overhear")
    direct.socket.close()
    victim.seen.clear()
    script = f"BEGINS = {BEGINS!r}\nRULES = {RULES!r}\n" + SCRIPT
    process = subprocess.Popen([SANDBOX, "run", "--profile", "org.example.Raw", "--bind", HERE, "--", "/usr/bin/python3", "-c",
                                f"import sys, os; sys.dont_write_bytecode = True; sys.path.insert(0, {os.path.dirname(HERE)!r}); from services import wire\n"
                                "BUS = os.environ['DBUS_SESSION_BUS_ADDRESS'].removeprefix('unix:path=')\n" + script, VICTIM, victim.name],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    equal(process.stdout.readline(), "begin done\n", "the first attack")
    equal(process.stdout.readline(), "matching\n", "the second attack")
    equal(victim.members(), [], "what arrived by words after BEGIN")
    for destination in (VICTIM, "org.example.Talked", "org.example.Seen"):
        other.call(destination, "/", "org.example.Iface", "Private", "s", ["secret"])
    victim.seen.clear()
    out, err = process.communicate("\n", timeout=25)
    equal((process.returncode, err, out.splitlines()), (0, "", ["overheard", "replies done"]), "the app")
    equal(victim.members(), [], "what arrived as answers")
