"""The record: private, complete, found by the beginning of its name or by its app, gone with the app; stale ones go with the next verb."""
from life.helpers import *

equal(succeeds(verb("ps"), "ps with nothing").splitlines(), [verb("ps").stdout.strip()], "only the heading")
with running("first-one", "/bin/sleep", "60"), running("first-two", "/bin/sleep", "60") as second:
    folder = os.path.join(RECORDS, "first-one")
    equal(os.stat(folder).st_mode & 0o7777, 0o700, "mode of the record")
    equal(os.stat(RECORDS).st_mode & 0o7777, 0o700, "mode of the records")
    equal(sorted(os.listdir(folder)), ["control", "plan", "state", "state.json"], "the files")
    state = json.loads(succeeds(verb("state", "first-o"), "state"))
    with open(os.path.join(folder, "state.json")) as file:
        equal({**json.load(file), "namespaces": state["namespaces"]}, state, "state.json and the verb")
    equal(state["namespaces"], {kind: os.readlink(f"/proc/{state['app-pid']}/ns/{'mnt' if kind == 'mount' else kind}") for kind in ("user", "mount", "pid", "ipc", "uts", "cgroup", "net", "time")}, "the namespaces")
    equal([kind for kind, link in state["namespaces"].items() if link == os.readlink(f"/proc/self/ns/{'mnt' if kind == 'mount' else kind}")], ["time"], "namespaces of the host")
    equal((state["schema"], state["instance"], state["app"], state["status"]), (1, "first-one", "minimal", "running"), "the state")
    check(state["profile"].endswith("/minimal.toml"), f"the profile: {state['profile']}")
    with open(f"/proc/{state['app-pid']}/stat") as file:
        equal(int(file.read().rsplit(")", 1)[1].split()[19]), state["app-start"], "when the app started")
    with open(f"/proc/{state['app-pid']}/comm") as file:
        equal(file.read(), "sleep\n", "the app's process")
    check(abs(state["created"] - time.time()) < 60, f"created: {state['created']}")
    equal([line.split()[0] for line in verb("ps").stdout.splitlines()[1:]], ["first-one", "first-two"], "ps")
    equal([json.loads(line)["instance"] for line in verb("ps", "--json").stdout.splitlines()], ["first-one", "first-two"], "ps --json")
    one_error(verb("state", "first"), 125, "first-one, first-two")
    one_error(verb("state", "minimal"), 125, "'minimal' fits several: first-one, first-two")
    one_error(verb("state", "other"), 125, "other", "sandbox ps")
    one_error(verb("state", ""), 125)
    one_error(verb("state", "../../etc"), 125)
    one_error(run(*MINIMAL, "--id", "first-one", "--", "/bin/true"), 125, "first-one", "running already")
    # Without its supervisor there is no app; the record stays until a verb meets it.
    os.kill(json.loads(verb("state", "first-two").stdout)["supervisor-pid"], signal.SIGKILL)
    second.wait(10)
    check("first-two" in os.listdir(RECORDS), "the control: a killed supervisor cannot clean up")
    equal([line.split()[0] for line in verb("ps").stdout.splitlines()[1:]], ["first-one"], "ps after a kill")
    equal(os.listdir(RECORDS), ["first-one"], "the records after a kill")
    # A dead one's name is free at once.
with running("first-one", "/bin/sleep", "60"):
    # Whatever lies there is not believed: a record under another's name, garbage, a link.
    os.makedirs(os.path.join(RECORDS, "garbage"))
    with open(os.path.join(RECORDS, "garbage/state"), "wb") as file:
        file.write(b"SBXSTAT1" + b"\xff" * 100)
    os.symlink("first-one", os.path.join(RECORDS, "a-link"))
    equal([line.split()[0] for line in verb("ps").stdout.splitlines()[1:]], ["first-one"], "ps with garbage")
    one_error(verb("state", "a-link"), 125)
    os.unlink(os.path.join(RECORDS, "a-link"))
# What the caller's umask keeps from his files, and how large they may get, is not our affair: the record is whole all the same.
process = subprocess.Popen([*MINIMAL, "--id", "masked", "--", "/bin/sh", "-c", "umask; read line"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, umask=0o777)
equal(process.stdout.readline(), "0022\n", "the app's own umask")
equal(json.loads(succeeds(verb("state", "masked"), "state of one that was started with a umask of 0777"))["status"], "running", "its state")
equal(process.communicate("\n", timeout=20)[1], "", "what it said")
done = run("/bin/sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *MINIMAL, "--", "/bin/true")
one_error(done, 125, "File too large")
# By any name that starts it, too, when no instance is called so; the profile of one that runs may be gone or wrong meanwhile.
folder = f"{HOME}/.config/sandbox/apps"
os.makedirs(folder, exist_ok=True)
profile = os.path.join(folder, "org.example.Reader.toml")
with open(profile, "w") as file:
    file.write('schema = 1\n[app]\nnames = ["reads"]\nexec = ["/bin/sleep"]\nextends = ["class/headless"]\n')
one_error(verb("state", "reads"), 125, "no running instance is called 'reads'")
first = subprocess.Popen([SANDBOX, "run", "reads", "60"])
wait_until("the reader runs", lambda: verb("state", "reads").returncode == 0)
equal(json.loads(verb("state", "reads").stdout)["app"], "org.example.Reader", "the app by a name of its profile")
equal(succeeds(verb("exec", "sleep", "--", "/bin/echo", "here"), "exec by the program's name"), "here\n", "exec by the program's name")
second = subprocess.Popen([SANDBOX, "run", "reads", "60"])
wait_until("two readers run", lambda: len(verb("ps").stdout.splitlines()) == 3)
one_error(verb("kill", "reads"), 125, "'org.example.Reader' fits several: org.example.Reader-")
with open(profile, "w") as file:
    file.write("not TOML at all")
one_error(verb("kill", "reads"), 125, "no running instance is called 'reads'")
for process in (first, second):
    process.terminate()
    process.wait(10)
os.unlink(profile)
os.chmod(RECORDS, 0o755)
one_error(verb("ps"), 125, "open to others")
os.chmod(RECORDS, 0o700)
wait_until("no record", lambda: verb("ps").returncode == 0 and not os.listdir(RECORDS))
# The app cannot get at the records, nor be given them.
done = minimal("/bin/ls", RECORDS)
check(done.returncode != 0, "the app sees the records")
one_error(run(*MINIMAL, "--bind", f"{RECORDS}:rw", "--", "/bin/true"), 125, "cannot be granted")
no_survivors()
