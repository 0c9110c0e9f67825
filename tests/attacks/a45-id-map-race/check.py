"""A45 (nsjail PR 341): the child dies before its ids are mapped, and another process gets the map by its number."""
from attack import *

canary = Canary()
CALLS = ("openat2", "write", "poll", "clone3", "fstatfs")
# The control: a map that is written to a number, whose process another one has become.
waiting = subprocess.Popen(["unshare", "--user", "/bin/sleep", "60"])
wait_until("the other process", lambda: os.readlink(f"/proc/{waiting.pid}/ns/user") != os.readlink("/proc/self/ns/user"))
number = waiting.pid
run("/bin/sh", "-c", f"echo deny >/proc/{number}/setgroups; echo '{os.getuid()} {os.getuid()} 1' >/proc/{number}/uid_map")
with open(f"/proc/{number}/uid_map") as file:
    control(file.read().split() == [str(os.getuid()), str(os.getuid()), "1"], "a process that happens to have the number")
waiting.kill()
waiting.wait()

bystander = subprocess.Popen(["unshare", "--user", "/bin/sleep", "120"])
wait_until("the bystander", lambda: os.readlink(f"/proc/{bystander.pid}/ns/user") != os.readlink("/proc/self/ns/user"))
first = traced(SANDBOX, "run", "--profile", "minimal", "--", "/bin/true", calls=CALLS)
outer = [stop["stop"] for stop in first["stops"] if stop["process"] == "sandbox-helper"]
paths = {stop["stop"]: stop["paths"] for stop in first["stops"]}
begin = next(number for number, stop in enumerate(outer) if "/clone3" in stop) + 1
window = [stop for stop in outer[begin:begin + 14]]
check(any("uid_map" in " ".join(paths[stop]) for stop in window), f"the maps are not in the window: {[(stop, paths[stop]) for stop in window]}")
mapped = 0
for stop in window:
    seen = traced(SANDBOX, "run", "--profile", "minimal", "--", "/bin/true", calls=CALLS, actions=[("--kill", stop, "sandbox-helper.1")])
    check(seen["actions"][0]["done"], f"{stop} was not reached")
    check(seen["status"] in (125, 137) and seen["survivors"] == [], f"{stop}: {seen['status']} {seen['survivors']} {seen['stderr']!r}")
    check(seen["stderr"].count("\n") <= 1 and (seen["stderr"] == "" or seen["stderr"].startswith("sandbox: ")), f"{stop}: {seen['stderr']!r}")
    with open(f"/proc/{bystander.pid}/uid_map") as file:
        equal(file.read(), "", f"{stop}: the bystander's map")
    # What was not reaped cannot be another: the folder that is written below is that of the dead child.
    writes = [one for one in seen["stops"] if one["call"] == "write" and one["process"] == "sandbox-helper" and one["result"] > 0]
    mapped += len(writes)
bystander.kill()
bystander.wait()
canary.unchanged("after all")
