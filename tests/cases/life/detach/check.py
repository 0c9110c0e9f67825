"""run --detach: the id, once the app runs; the app goes on; a start that fails is told with its own status."""
from life.helpers import *

DETACHED = [SANDBOX, "run", "--detach", "--profile", "minimal"]
works()
done = run(*DETACHED, "--", "/bin/sleep", "60", stdin=None, input="")
name = succeeds(done, "run --detach").removesuffix("\n")
state = json.loads(succeeds(verb("state", name), "state at once"))
equal((state["status"], state["instance"]), ("running", name), "the state")
with open(f"/proc/{state['app-pid']}/comm") as file:
    equal(file.read(), "sleep\n", "the app has become the command when the id is printed")
equal(os.getsid(state["supervisor-pid"]) == os.getsid(0), False, "the supervisor is in the caller's session")
for pid in (state["supervisor-pid"], state["app-pid"]):
    for stream in range(3): # tests/system has a journal of its own
        wanted = "socket:" if stream and os.path.exists("/run/systemd/journal/stdout") else "/dev/null"
        check(wanted in os.readlink(f"/proc/{pid}/fd/{stream}"), f"stream {stream} of {pid}: {os.readlink(f'/proc/{pid}/fd/{stream}')}")
succeeds(verb("kill", name), "kill")
no_survivors()
# The id can be chosen; the shell's $(…) does not wait for the app.
done = run(*DETACHED, "--id", "chosen", "--", "/bin/sh", "-c", "echo out; echo err >&2; exec sleep 60")
equal((done.returncode, done.stdout, done.stderr), (0, "chosen\n", ""), "streams")
one_error(run(*DETACHED, "--id", "chosen", "--", "/bin/true"), 125, "chosen", "running already")
waiter = subprocess.Popen([SANDBOX, "wait", "chosen"])
succeeds(verb("exec", "chosen", "--", "/bin/echo", "in"), "a guest")
succeeds(verb("kill", "--signal", "KILL", "chosen"), "kill")
equal(waiter.wait(10), 137, "the status, for who waits")
# Short lives have run as well.
for command in ("/bin/true", "/bin/false"):
    equal(succeeds(run(*DETACHED, "--id", "short", "--", command), command), "short\n", command)
    wait_until("it ends", lambda: not os.path.exists(os.path.join(RECORDS, "short")))
# What fails before the app runs.
one_error(run(*DETACHED, "--", "/no/such"), 127, "/no/such")
one_error(run(*DETACHED, "--", "/etc/passwd"), 126, "/etc/passwd")
one_error(run(*DETACHED, "--cwd", "/no/such", "--", "/bin/true"), 125, "/no/such")
one_error(run(*DETACHED, "--bind", "/no/such", "--", "/bin/true"), 125, "/no/such")
one_error(run(SANDBOX, "run", "--detach", "no.such.Profile"), 127, "no.such.Profile")
for option in ("--tty", "--die-with-parent"):
    one_error(run(*DETACHED, option, "--", "/bin/true"), 2, option)
no_survivors()
equal(os.listdir(RECORDS), [], "records")
# Until the app runs it is the caller's: one that is killed takes the start along.
for delay in (0, 0.002, 0.005, 0.01, 0.02):
    caller = subprocess.Popen([*DETACHED, "--id", "early", "--", "/bin/sleep", "60"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(delay)
    caller.kill()
    if caller.wait() == 0: # it was too late, and the app is let go
        succeeds(verb("kill", "early"), "kill")
    else:
        deadline = time.monotonic() + 5
        while own_processes() and time.monotonic() < deadline: # or it was let go in the same moment
            if verb("kill", "early").returncode == 0:
                break
            time.sleep(0.02)
    no_survivors()
