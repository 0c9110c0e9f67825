"""Who lingers finds the app after logging out and in again; who does not finds nothing of it left."""
from manager import *

part, linger = sys.argv[1:3]
if part == "--before":
    done = subprocess.Popen([SANDBOX, "run", "--profile", "minimal", "--id", "stays", "--", "/bin/sleep", "600"], start_new_session=True,
                            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until("it runs", lambda: verb("state", "stays").returncode == 0 and json.loads(verb("state", "stays").stdout)["status"] == "running")
    check("/app.slice/app-sandbox-stays.scope/" in group_of(done.pid), f"the launcher's group: {group_of(done.pid)}")
elif linger == "lingers":
    state = json.loads(succeeds(verb("state", "stays"), "state after logging out"))
    equal(state["status"], "running", "the app after logging out")
    equal(succeeds(verb("exec", "stays", "--", "/bin/echo", "in"), "a guest"), "in\n", "a guest")
    succeeds(verb("kill", "--all", "stays"), "kill")
    wait_until("it ends", lambda: verb("state", "stays").returncode == 125)
    nothing_left()
else:
    check(not os.path.exists(RECORDS), "the runtime folder is the one of before")
    nothing_left()
