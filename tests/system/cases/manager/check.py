"""A manager that hangs is waited for five seconds and told; one that is gone is told; an app outlives the manager it was started under."""
from manager import *

manager = int(os.environ["MANAGER"])
os.kill(manager, signal.SIGSTOP)
began = time.monotonic()
done = run(*MINIMAL, "--", "/bin/echo", "said", timeout=60)
took = time.monotonic() - began
os.kill(manager, signal.SIGCONT)
equal((done.returncode, done.stdout), (0, "said\n"), f"under a manager that hangs: {done.stderr}")
check("did not answer" in done.stderr, f"the warning: {done.stderr!r}")
check(took > 4, f"the control: the manager did answer, after {took:.1f} s")
wait_until("the manager's late scope goes", lambda: not units(), 20)
done = run(*MINIMAL, "--", "/bin/echo", "said", env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"})
equal((done.returncode, done.stdout), (0, "said\n"), "without a bus")
check("cannot be reached" in done.stderr, f"the warning: {done.stderr!r}")
with running("outlives", "/bin/sh", "-c", "trap 'exit 9' TERM; while :; do sleep 0.05; done") as process:
    os.kill(manager, signal.SIGKILL)
    wait_until("the manager is gone", lambda: not os.path.exists(f"/proc/{manager}") or " Z " in read("/proc", str(manager), "stat"))
    equal(json.loads(verb("state", "outlives").stdout)["status"], "running", "the app without its manager")
    succeeds(verb("pause", "outlives"), "pause without the manager")
    succeeds(verb("resume", "outlives"), "resume without the manager")
    succeeds(verb("kill", "outlives"), "kill without the manager")
    equal(process.wait(10), 9, "the status")
verb("ps")
equal(os.listdir(RECORDS), [], "records")
