"""`profile why` tells of a running sandbox what its proxy lets through on the bus, and what the app meets there is that."""
from support import *

works()
apps = f"{HOME}/.config/sandbox/apps"
os.makedirs(apps)
with open(f"{apps}/org.example.Talker.toml", "w") as file:
    file.write("""schema = 1
[app]
exec = ["/bin/sh"]
extends = ["class/headless"]
[dbus.session]
"org.example.Own" = "own-private"
"org.example.Talked" = "talk"
"org.example.Group.*" = "talk"
"org.example.Seen" = "see"
"org.example.Called" = { call = ["org.example.Called.Ping@/x"] }
""")
NAMES = {"org.example.Own": True, "org.example.Talked": True, "org.example.Group.One": True, "org.example.Called": True, "org.example.Seen": False, "org.example.Other": False}
address = f"unix:path={os.environ['XDG_RUNTIME_DIR']}/bus"


def why(subject, name):
    done = run(SANDBOX, "profile", "why", "--json", subject, f"bus:{name}")
    check(done.returncode in (0, 1), done.stderr)
    return json.loads(done.stdout)


with subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address={address}", "--print-address"], stdout=subprocess.PIPE, text=True) as daemon:
    try:
        daemon.stdout.readline()
        with subprocess.Popen([SANDBOX, "run", "--id", "talks", "org.example.Talker", "-c", "echo up; read line"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            equal(process.stdout.readline(), "up\n", "the app's first word")
            for name, granted in NAMES.items():
                running, profile = why("talks", name), why("org.example.Talker", name)
                equal(running["granted"], granted, f"{name} of the running one: {running}")
                for member in ("granted", "verdict", "key", "sees"):
                    equal(running[member], profile[member], f"{member} of {name}, running and by the profile")
                if name == "org.example.Own":
                    continue  # outside it has another name
                if name == "org.example.Called":
                    check("in part" in running["verdict"] and "AccessDenied" in running["sees"], f"a rule of single calls: {running}")
                    said = [run(SANDBOX, "exec", "talks", "--", "gdbus", "call", "--session", "--dest", name, "--object-path", "/x", "--method", f"{name}.{method}").stderr
                            for method in ("Ping", "Other")]
                    check("ServiceUnknown" in said[0] and "AccessDenied" in said[1], f"what the app meets at a call that is named, and at another: {said}")
                    continue
                if name == "org.example.Seen":
                    check("AccessDenied" in running["sees"], f"a name that is only seen: {running}")
                command = ["gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/", "--method", "org.freedesktop.DBus.StartServiceByName", name, "0"]
                said = run(SANDBOX, "exec", "talks", "--", *command).stderr
                # What it may talk to is looked for by the bus itself, which knows of no such service.
                equal("was not provided by any .service files" in said, granted, f"what the app meets at {name}: {said}")
            process.communicate("\n", timeout=20)
        # What a start would refuse is not proposed.
        answer = why("org.example.Talker", "org.freedesktop.systemd1")
        check(not answer["granted"] and len(answer["change"]) == 1 and "it starts programs outside" in answer["change"][0] and "call = [" in answer["change"][0], f"a way out: {answer}")
        # Without a rule there is no bus.
        with subprocess.Popen([*MINIMAL, "--id", "mute", "--", "/bin/sh", "-c", "echo up; read line"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            equal(process.stdout.readline(), "up\n", "the app's first word")
            check("no bus at all" in why("mute", "org.example.Talked")["sees"], "an app without a bus")
            process.communicate("\n", timeout=20)
    finally:
        daemon.terminate()
