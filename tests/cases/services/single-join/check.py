"""Of many starts of one app at once exactly one is the first; the others run in its sandbox, under its confinement, and when it has ended
the next is the first again."""
from services.helpers import *

profile("org.example.Once", 'single-instance = "join"\n')
SHOW = "readlink /proc/self/ns/pid; grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status; hostname 2>/dev/null || cat /etc/hostname; echo \"$DESKTOP_STARTUP_ID\""
CLAIM = "mkdir /tmp/first 2>/dev/null && echo first || echo further; readlink /proc/self/ns/pid; sleep 2"


def start(script, **keywords):
    return subprocess.Popen([SANDBOX, "run", "--profile", "org.example.Once", "--", "/bin/sh", "-c", script], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **keywords)


for turn in range(3):
    all_at_once = [start(CLAIM) for _ in range(6)]
    said = [process.communicate(timeout=30) for process in all_at_once]
    # One whose host ended under it is killed with it: it came to the very end. None fails in any other way.
    lines = [out.split() for out, _ in said if out]
    check(all(err == "" for _, err in said), f"errors: {said}")
    equal(sorted(word[0] for word in lines).count("first"), len({word[1] for word in lines}), f"one first a sandbox: {lines}")
    equal(len({word[1] for word in lines}), 1, f"one sandbox: {lines}")
first = start("sleep 60")
wait_until("the first runs", lambda: '"running"' in run(SANDBOX, "state", "org.example.Once-one").stdout)
one, two = start(SHOW, env={**os.environ, "DESKTOP_STARTUP_ID": "one"}), start(SHOW, env={**os.environ, "DESKTOP_STARTUP_ID": "two"})
a, b = one.communicate(timeout=20)[0].splitlines(), two.communicate(timeout=20)[0].splitlines()
equal(a[:-1], b[:-1], "the same namespace and confinement")
equal((a[-1], b[-1]), ("one", "two"), "what belongs to a start")
equal([line.split() for line in a[1:4]], [["CapEff:", "0000000000000000"], ["NoNewPrivs:", "1"], ["Seccomp:", "2"]], "the confinement")
equal(a[4], "sandbox", "the host name")
# Descriptors that it asks to hand on arrive, and no other; one of a folder would lead out of the sandbox.
DESCRIPTORS = "read line <&3; echo \"$line\"; for number in 3 4 5 6 7 8 9; do [ -e /proc/self/fd/$number ] && echo $number; done; true"
with open(f"{HOME}/handed", "w") as file:
    file.write("handed on\n")


def handing(opened):
    def place():
        for number in (3, 4, 5):
            os.dup2(opened, number)
            os.set_inheritable(number, True) # where it was that number already
    return run(SANDBOX, "run", "--profile", "org.example.Once", "--preserve-fds", "2", "--", "/bin/sh", "-c", DESCRIPTORS, preexec_fn=place, close_fds=False)


opened = os.open(f"{HOME}/handed", os.O_RDONLY)
done = handing(opened)
equal((done.returncode, done.stdout, done.stderr), (0, "handed on\n3\n4\n", ""), "descriptors of a further start")
folder = os.open(HOME, os.O_RDONLY | os.O_DIRECTORY)
one_error(handing(folder), 125, "descriptor 3", "is a folder of the host, or a mere path")
for descriptor in (opened, folder):
    os.close(descriptor)
# What a further start asks for beyond the first's confinement, it does not get.
done = run(SANDBOX, "run", "--profile", "org.example.Once", "--bind", f"{HOME}/Documents", "--", "/bin/cat", f"{HOME}/Documents/letter.txt")
check(done.returncode == 125 and "canary" not in done.stdout, f"a grant of a further start came through: {done}")
# Nor does it run with more than its options ask for.
for options in (["--set", 'process.umask="0077"'], ["--rlimit", "nofile=64"], ["--env", "MINE=yes"], ["--hostname", "other"], ["--net", "loopback"]):
    one_error(run(SANDBOX, "run", "--profile", "org.example.Once", *options, "--", "/bin/echo", "ran"), 125,
              "'org.example.Once-one' runs already, and was not started with these options; leave them out, give this start a sandbox of its own by "
              "--set 'app.single-instance=\"new\"', or end that one: sandbox kill org.example.Once-one")
one_error(run(SANDBOX, "run", "--profile", "org.example.Once", "--id", "other", "--", "/bin/true"), 125, "' runs once at a time, under a name of its own", "--id")
equal(len(run(SANDBOX, "ps").stdout.splitlines()), 2, "one instance on record")
# A killed first leaves its name to the next.
os.kill(first.pid, signal.SIGKILL)
first.communicate()
equal(run(SANDBOX, "run", "--profile", "org.example.Once", "--", "/bin/echo", "next").stdout, "next\n", "after a kill")
profile("org.example.Never", 'single-instance = "refuse"\n')
holder = subprocess.Popen([SANDBOX, "run", "--profile", "org.example.Never", "--", "/bin/sleep", "60"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
wait_until("it runs", lambda: '"running"' in run(SANDBOX, "state", "org.example.Never-only").stdout)
done = run(SANDBOX, "run", "--profile", "org.example.Never", "--", "/bin/true")
equal((done.returncode, done.stderr), (125, "sandbox: an instance with the id 'org.example.Never-only' is running already; give this start a sandbox of its own by "
                                            "--set 'app.single-instance=\"new\"', or end that one: sandbox kill org.example.Never-only\n"), "a refused start")
# What is advised works.
NEW = ["--set", 'app.single-instance="new"']
once = start("sleep 60")
wait_until("the one that is joined runs", lambda: '"running"' in run(SANDBOX, "state", "org.example.Once-one").stdout)
for name in ("org.example.Never", "org.example.Once"):
    done = run(SANDBOX, "run", *NEW, "--profile", name, "--", "/bin/echo", "beside")
    equal((done.returncode, done.stdout, done.stderr), (0, "beside\n", ""), f"a sandbox of its own beside that of {name}")
named = ["run", *NEW, "--id", "mine", "--profile", "org.example.Never", "--"]
mine = subprocess.Popen([SANDBOX, *named, "/bin/sleep", "60"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
wait_until("it runs", lambda: '"running"' in run(SANDBOX, "state", "mine").stdout)
done = run(SANDBOX, *named, "/bin/true")
equal((done.returncode, done.stderr), (125, "sandbox: an instance with the id 'mine' is running already; choose another --id, or end it: sandbox kill mine\n"), "a name that is taken")
for name, process in (("mine", mine), ("org.example.Once-one", once)):
    equal(run(SANDBOX, "kill", name).returncode, 0, f"the end of {name}")
    process.communicate()
equal(run(SANDBOX, "kill", "org.example.Never-only").returncode, 0, "the end of the refusing one, as advised")
holder.communicate()
equal(run(SANDBOX, "run", "--profile", "org.example.Never", "--", "/bin/echo", "next").stdout, "next\n", "after it")
no_survivors()
