"""A guest is born in the app's leaf, is frozen and ended with it, and is counted there."""
from manager import *

with running("hosting", "/bin/sleep", "60"):
    state = json.loads(verb("state", "hosting").stdout)
    leaf = os.path.join(state["cgroup"], "app")
    before = set(read(leaf, "cgroup.procs").split())
    guest = subprocess.Popen([SANDBOX, "exec", "hosting", "--", "/bin/sleep", "61"])
    new = lambda: set(read(leaf, "cgroup.procs").split()) - before
    wait_until("the guest in the leaf", lambda: any(read("/proc", pid, "cmdline") == "/bin/sleep\0" + "61" + "\0" for pid in new()))
    succeeds(verb("kill", "--all", "hosting"), "kill")
    check(guest.wait(10) in (137, 125), f"the guest: {guest.returncode}")
nothing_left()
