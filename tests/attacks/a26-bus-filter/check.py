"""A26 (CVE-2018-6560, CVE-2026-34080, CVE-2026-94422): the filter of the bus is passed by white space while it authenticates, by eavesdropping, by replies that are none."""
from bus import *
import raw_bus

canary = Canary()
RULES = ["eavesdrop=true", "eavesdrop =true", " eavesdrop='true'", "eavesdrop\t=\t'true'", "type='method_call', eavesdrop =true"]
BEGINS = [b"BEGIN \r\n", b"BEGIN\t\r\n", b" BEGIN\r\n", b"BEGIN x\r\n", b"BEGIN\r\r\n", b"NEGOTIATE_UNIX_FD\r\nBEGIN \r\n"]
ATTEMPT = HEAD + f"RULES, BEGINS = {RULES!r}, {BEGINS!r}\n" + r'''
import time
VICTIM = "org.example.Victim"
clients = []
for place in PLACES:
    try: Client(place)
    except OSError: continue
    for begin in BEGINS:
        try:
            client = Client(place, begin=begin + message(CALL, 1, {PATH: "/org/freedesktop/DBus", INTERFACE: BUS, MEMBER: "Hello", TO: BUS}) +
                            message(CALL, 2, {PATH: "/", INTERFACE: "org.example.Begin", MEMBER: "Begin", TO: VICTIM}), hello=False)
            list(client.read(0.1))
        except OSError: pass
    try:
        client = Client(place)
        for rule in RULES: client.call(BUS, "AddMatch", rule)
        for number in range(1, 20):
            for kind in (RETURN, FAILED, CALL, SIGNAL):
                fields = {REPLY: number, TO: VICTIM, MEMBER: "Reply", ERROR: "org.example.Error"}
                if kind in (CALL, SIGNAL): fields.update({PATH: "/", INTERFACE: "org.example.Reply"})
                client.socket.sendall(message(kind, 1000 + number, fields))
    except OSError:
        try: client = Client(place); [client.call(BUS, "AddMatch", rule) for rule in RULES]
        except OSError: continue
    clients.append(client)
print("ready", flush=True)
sys.stdin.readline()
for client in clients:
    for kind, data in client.read(0.5):
        if b"the secret of a call" in data: print("overheard", flush=True)
print("done")
'''


def attacked(launcher):
    """What the attempt printed, and what arrived at the victim."""
    victim = raw_bus.Client(BUS_PATH)
    victim.call(raw_bus.BUS, "RequestName", "org.example.Victim", 4)
    talker = raw_bus.Client(BUS_PATH)
    process = subprocess.Popen([*launcher, PYTHON, "-c", ATTEMPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    first = process.stdout.readline()
    if first == "ready\n":
        talker.socket.sendall(raw_bus.message(raw_bus.CALL, 77, {raw_bus.PATH: "/", raw_bus.INTERFACE: "org.example.Secret", raw_bus.MEMBER: "Tell", raw_bus.TO: "org.example.Victim"}, "the secret of a call"))
        time.sleep(0.2)
    out, err = process.communicate("\n" if first else None, timeout=30)
    arrived = [data for _, data in victim.read(0.3) if b"org.example.Begin" in data or b"Reply" in data or b"org.example.Error" in data]
    for one in (victim, talker):
        one.socket.close()
    return subprocess.CompletedProcess(launcher, process.returncode, first + out, err), arrived


with session_bus():
    done, arrived = attacked([*BWRAP, "--ro-bind", RUNTIME, RUNTIME, "--ro-bind", HERE, HERE])
    control("overheard" in done.stdout, f"on the bus itself: {done} {arrived}")
    for name, launcher in launchers():
        done, arrived = attacked(launcher)
        equal((done.stdout, arrived), ("ready\ndone\n", []), f"{name} ({done.stderr})")
    with running("bused", "/bin/sleep", "60", options=["--bind", HERE], profile=f"{HOME}/org.example.Bus.toml"):
        done, arrived = attacked([SANDBOX, "exec", "bused", "--"])
        equal((done.stdout, arrived), ("ready\ndone\n", []), f"a guest ({done.stderr})")
canary.unchanged("after all")
