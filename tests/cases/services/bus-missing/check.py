"""Without a bus an app starts all the same and is told in one line; its address is one that no library takes for another.
What would be a way out of the sandbox is refused in any case."""
from services.helpers import *

profile("org.example.None", '[dbus.session]\n"org.example.Talked" = "talk"\n')
SHOW = "print(BUS, os.environ.get('NO_AT_BRIDGE'), os.path.lexists(os.environ['XDG_RUNTIME_DIR'] + '/bus'))"
done = inside("org.example.None", SHOW)
equal((done.returncode, done.stdout), (0, "disabled: 1 False\n"), "without a bus")
equal(done.stderr, f"sandbox: warning: {HOME}/.config/sandbox/apps/org.example.None.toml:5:1: no session bus ('{SESSION_BUS}' is not there)\n", "one line")
with bus():
    equal(said(inside("minimal", SHOW), "a profile without rules"), ["disabled: 1 False"], "no rule, no bus")
    # None of the host's own addresses gets in by the environment.
    done = inside("minimal", SHOW, options=["--set", 'env.keep=["*"]'], env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={SESSION_BUS}"})
    equal(said(done, "kept"), ["disabled: 1 False"], "a kept address")
    for name, words in (("org.freedesktop.systemd1", "way out"), ("org.freedesktop.*", "way out"), ("org.gnome.Shell", "way out"),
                        ("org.freedesktop.DBus", "way out"), ("--own=x.y", "no name"), ("-x.y", "no name"), ("*", "no name"), ("x", "no name"), ("a b.c", "no name"),
                        ("org.*", "way out"), (":1.5", "no name"), ("a.b\\n--talk=c.d", "no name"), ("org..x", "no name"), ("a.b=--own", "no name"), ("org.1x", "no name")):
        path = profile("org.example.Hostile", f'[dbus.session]\n"{name}" = "talk"\n')
        one_error(run(SANDBOX, "run", "--profile", "org.example.Hostile", "--", "/bin/true"), 125, words, f"{path}:5:")
    for rule in ("--talk=x.y", "a", "*@x", "a.b@/x y", "a.b@/x//y", "a.b=c", "a.b.c\\n", "", "@/x"):
        path = profile("org.example.Hostile", f'[dbus.session]\n"org.example.Fine" = {{ call = ["{rule}"] }}\n')
        one_error(run(SANDBOX, "run", "--profile", "org.example.Hostile", "--", "/bin/true"), 125, "is no rule for", f"{path}:5:")
# An abstract socket is reached as well, and only by the proxy.
name = f"sandbox-case-bus-{os.getpid()}"
with bus(address=f"unix:abstract={name}"):
    done = inside("org.example.None", "print(wire.Connection(BUS).name[0])\nimport socket\ntry: socket.socket(socket.AF_UNIX).connect(chr(0) + sys.argv[1])\n"
                  "except OSError as error: print('refused')", name, env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:abstract={name},guid=0"})
    equal(said(done, "an abstract bus"), [":", "refused"], "an abstract bus")
no_survivors()
