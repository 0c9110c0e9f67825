"""A25: the session bus is asked to start a program outside: by activation, by name, by the systemd manager, by the shell."""
from bus import *

canary = Canary()
services = f"{HOME}/services/dbus-1/services"
os.makedirs(services)
with open(f"{services}/org.example.Starter.service", "w") as file:
    file.write(f"[D-BUS Service]\nName=org.example.Starter\nExec=/bin/touch {canary.folder}/started\n")
ATTEMPT = HEAD + r'''
for place in PLACES:
    try: client = Client(place)
    except OSError: continue
    print("connected")
    for to, member, arguments, path, interface in (
            (BUS, "StartServiceByName", ("org.example.Starter", 0), "/org/freedesktop/DBus", BUS),
            ("org.example.Starter", "Ping", (), "/", "org.freedesktop.DBus.Peer"),
            ("org.freedesktop.systemd1", "StartUnit", ("x.service", "fail"), "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager"),
            ("org.gnome.Shell", "Eval", ("1",), "/org/gnome/Shell", "org.gnome.Shell"),
            ("org.gnome.Terminal", "Exec", ("x",), "/org/gnome/Terminal", "org.gnome.Terminal"),
            (BUS, "ReloadConfig", (), "/org/freedesktop/DBus", BUS)):
        try: print(to, member, client.call(to, member, *arguments, path=path, interface=interface))
        except OSError: print(to, member, "closed")
print("done")
'''
with session_bus(dict(os.environ, XDG_DATA_DIRS=f"{HOME}/services")):
    if WAY == "user":
        done = run(*BWRAP, "--ro-bind", RUNTIME, RUNTIME, "--ro-bind", HERE, HERE, PYTHON, "-c", ATTEMPT)
        wait_until("the program that the bus starts for bubblewrap's application", lambda: "started" in canary.changed())
        control("connected" in done.stdout, f"{done}")
        canary.renew()
    for name, launcher in launchers():
        done = run(*launcher, PYTHON, "-c", ATTEMPT)
        check(done.stdout.endswith("done\n"), f"{name}: {done}")
        answers = [line for line in done.stdout.splitlines() if line not in ("connected", "done")]
        check(name == "bus" or not answers, f"{name}: there is a bus inside: {answers}")
        equal([line for line in answers if line.endswith(" ok")], [], f"{name}: what was answered")
        time.sleep(0.3)  # what the bus starts, it starts beside
        canary.unchanged(name)
    with running("bused", "/bin/sleep", "60", options=["--bind", HERE]):
        equal(verb("exec", "bused", "--", PYTHON, "-c", ATTEMPT).stdout, "done\n", "a guest")
canary.unchanged("after all")
