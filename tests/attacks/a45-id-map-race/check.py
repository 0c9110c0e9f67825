"""A45 (nsjail PR 341): the child dies before its ids are mapped, and another process gets the map by its number."""
from attack import *

canary = Canary()
CALLS = ("openat2", "write", "poll", "clone3", "fstatfs")
# In a pid namespace of the test's own the next number can be chosen. The launcher is started with SIGCHLD ignored, so that the
# kernel reaps for it; its child is killed, and a bystander in a user namespace without a map is made with the child's number.
TAKE = r"""
import ctypes, os, sys, time
number = int(open(sys.argv[1]).read())
deadline = time.monotonic() + 1
while os.path.exists(f"/proc/{number}") and time.monotonic() < deadline: time.sleep(0.01)
with open("/proc/sys/kernel/ns_last_pid", "w") as file: file.write(str(number - 1))
if os.fork() == 0:
    ctypes.CDLL(None).unshare(0x10000000)
    deadline = time.monotonic() + 1.5
    while not (found := open("/proc/self/uid_map").read().split()) and time.monotonic() < deadline: time.sleep(0.01)
    print("taken" if os.getpid() == number else "another", "mapped" if found else "no map", flush=True)
    os._exit(0)
time.sleep(0.2)
"""
# Of ours in the order of their numbers: the outer half, the child, the application's process.
CHILD = r"grep -ls '^Name:.sandbox-helper$' /proc/[0-9]*/status | sort -t/ -k3n | sed -n '2s/[^0-9]//gp'"


# From the clone to the look at the child's folder: the kill, time for the child's own child to be reaped, time for the child, the number.
folder = f"{HOME}/.undefended"
os.makedirs(folder)
with open(f"{folder}/defences-off", "w") as file:
    file.write("alive")
steps = [stop["stop"] for stop in traced(UNDEFENDED, "run", "--profile", "minimal", "--", "/bin/true", cwd=folder)["stops"] if stop["process"] == "sandbox-helper"]
killed, first, second, looked = steps[steps.index("sandbox-helper/openat2#1") - 1:][:4]
equal((first, looked), ("sandbox-helper/openat2#1", "sandbox-helper/openat2#2"), "the steps of the maps")


def reused(defences):
    """The child is killed, and its number taken before it is looked at; what the bystander says of its map, and the launcher."""
    with open(f"{folder}/defences-off", "w") as file:
        file.write(defences)
    with open(f"{HOME}/take.py", "w") as file:
        file.write(TAKE)
    seen = f"{HOME}/seen.json"
    done = run("unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", TRACE, "--output", seen,
               "--run", killed, f"{CHILD} >{HOME}/number", "--kill", killed, "sandbox-helper.1", "--run", first, "sleep 0.2", "--run", second, "sleep 0.2",
               "--run", looked, f"{PYTHON} {HOME}/take.py {HOME}/number >{HOME}/bystander 2>&1", "--",
               "env", "--ignore-signal=CHLD", UNDEFENDED, "run", "--profile", "minimal", "--", "/bin/true", cwd=folder, timeout=20)
    with open(f"{HOME}/bystander") as file:
        return file.read(), done


def said(defences, wanted, times):
    """Who is reaped when is the kernel's to say: the attempt is made until the number was taken."""
    for _ in range(times):
        found, done = reused(defences)
        if wanted in found:
            break
    return found, done


if WAY == "user":  # in namespaces of its own, where the user may choose numbers
    found, done = said("reaped-here alive", "taken mapped", 5)
    control("taken mapped" in found, f"a bystander that has the number of a child that died: {found!r} {done}")
    # Each wall by itself: the number is taken, and its new owner is not ours; the number is not to be had.
    found, done = said("reaped-here", "taken", 5)
    check("taken no map" in found and done.returncode == 125 and "the child died before its ids were mapped" in done.stderr, f"the child is looked at: {found!r} {done}")
    found, done = said("alive", "taken", 1)
    check("another no map" in found, f"the number is kept: {found!r} {done}")

bystander = subprocess.Popen(["unshare", "--user", "/bin/sleep", "120"])
wait_until("the bystander", lambda: os.readlink(f"/proc/{bystander.pid}/ns/user") != os.readlink("/proc/self/ns/user"))
first = traced(SANDBOX, "run", "--profile", "minimal", "--", "/bin/true", calls=CALLS)
outer = [stop["stop"] for stop in first["stops"] if stop["process"] == "sandbox-helper"]
paths = {stop["stop"]: stop["paths"] for stop in first["stops"]}
begin = next(number for number, stop in enumerate(outer) if "/clone3" in stop) + 1
window = [stop for stop in outer[begin:begin + 14]]
check(any("uid_map" in " ".join(paths[stop]) for stop in window), f"the maps are not in the window: {[(stop, paths[stop]) for stop in window]}")
mapped = 0
for stop in window[::1 if WAY == "user" else 3]:
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
