"""`profile learn` proposes the names that a program asked for on the session bus, and never one whose owner is a way out or holds passwords."""
import tomllib

from support import *

works()
CALL = "gdbus call --session --object-path /x --method org.freedesktop.DBus.Peer.Ping --dest"
SCRIPT = f"""for name in org.example.Wanted org.freedesktop.secrets org.freedesktop.systemd1 org.freedesktop.Notifications; do
    {CALL} $name >/dev/null 2>&1
done
gdbus call --session --dest org.freedesktop.DBus --object-path / --method org.freedesktop.DBus.RequestName org.example.Own 0 >/dev/null
gdbus call --session --dest org.freedesktop.DBus --object-path / --method org.freedesktop.DBus.GetNameOwner org.example.Looked >/dev/null 2>&1
exit 0"""
address = f"unix:path={os.environ['XDG_RUNTIME_DIR']}/bus"
with subprocess.Popen(["dbus-daemon", "--session", "--nofork", f"--address={address}", "--print-address"], stdout=subprocess.PIPE, text=True) as daemon:
    try:
        daemon.stdout.readline()
        done = run(SANDBOX, "profile", "learn", "--class", "headless", "--id", "talker", "--write", "/bin/sh", "-c", SCRIPT, timeout=100 * PATIENCE)
        equal(done.returncode, 0, f"status (stdout: {done.stdout} stderr: {done.stderr})")
        with open(f"{HOME}/.config/sandbox/apps/talker.toml", "rb") as file:
            profile = tomllib.load(file)
        equal(profile.get("dbus"), {"session": {"org.example.Wanted": "talk", "org.example.Looked": "talk", "org.example.Own": "own-private"}}, f"the names in\n{done.stdout}")
        equal(profile.get("services"), {"notifications": True}, "a name that a service stands for")
        for line in ("# talk to 'org.example.Wanted' on the session bus → dbus.session.\"org.example.Wanted\" = \"talk\"",
                     "# talk to 'org.freedesktop.systemd1' on the session bus → not granted: a way out of the sandbox: it starts programs outside",
                     "# talk to 'org.freedesktop.secrets' on the session bus → not granted: never granted as a whole: it holds the passwords of the session"):
            check(line.replace("# ", "#   ") in done.stdout, f"not told: {line}\n{done.stdout}")
        check("dash" not in done.stdout and "/log" not in done.stdout, f"what the proxy did is taken for the app's: {done.stdout}")
        equal([name for name in os.listdir(os.environ["XDG_RUNTIME_DIR"]) if ".draft." in name], [], "drafts that are left")
        equal(run(SANDBOX, "profile", "check", "--strict", "talker").stdout, "1 profile, nothing to tell\n", "the check of what was learned")
    finally:
        daemon.terminate()

# A rule of the user's for such a name is told by `check`.
with open(f"{HOME}/p.toml", "w") as file:
    file.write('schema = 1\napp.exec = ["/bin/true"]\ndbus.session."org.freedesktop.secrets" = "talk"\n')
done = run(SANDBOX, "profile", "check", f"{HOME}/p.toml")
check("p.toml:3:14: the bus name 'org.freedesktop.secrets' grants the passwords of the session" in done.stdout, done.stdout)
