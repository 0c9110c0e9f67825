"""A30 (CVE-2016-9962, CVE-2016-8659): a process inside looks into the set-up, or into a guest that joins, before it is locked down."""
from attack import *

canary = Canary()
# Every process that is not its own is tried, over and over: its descriptors, its root, its memory, tracing it.
SPY = r'''
import ctypes, os, sys, time
libc = ctypes.CDLL(None, use_errno=True)
seen = set()
def attempt(pid):
    for name in ("fd", "root/", "cwd/", "mem", "environ", "exe", "maps", "ns/mnt", "fdinfo"):
        try:
            path = f"/proc/{pid}/{name}"
            if name == "fd" and os.getuid() == 0:  # root is the owner of such a folder, and may list it; what it holds counts
                if not [os.readlink(f"{path}/{number}") for number in os.listdir(path)]: continue
            elif name in ("fd", "root/", "cwd/", "fdinfo"): os.listdir(path)
            elif name == "ns/mnt": os.readlink(path)
            else: os.close(os.open(path, os.O_RDONLY))
            seen.add(name)
        except OSError: pass
    if libc.syscall(310, pid, 0, 0, 0, 0, 0) == 0: seen.add("process_vm_readv")
    if libc.ptrace(0x4206, pid, 0, 0) == 0: seen.add("ptrace")
def name_of(pid):
    try: return open(f"/proc/{pid}/comm").read().strip()
    except OSError: return ""
with open(sys.argv[1], "a") as log:
    log.write("ready\n"); log.flush()
    while True:
        for name in filter(str.isdigit, os.listdir("/proc")):
            # What it has become, once it runs, is a process like the spy itself.
            if name_of(name).startswith("sandbox"):
                attempt(int(name))
                if not name_of(name).startswith("sandbox"): seen.clear()
        if seen: log.write(f"{sorted(seen)}\n"); log.flush(); seen.clear()
        if os.path.exists(sys.argv[2]): break
        time.sleep(0.002)
'''
STAGES = ("setsid", "setresuid", "prctl", "capset", "close_range", "chdir", "landlock_restrict_self", "prlimit64", "setrlimit", "seccomp", "execve")


def spied(program, cwd=HOME, settings=("process.landlock=false", 'process.seccomp.base="none"')):
    """What a spy in the app sees of a guest that stands still at each of its stages."""
    shared = f"{HOME}/shared"
    shutil.rmtree(shared, ignore_errors=True)
    os.mkdir(shared)
    log, end = f"{shared}/log", f"{shared}/end"
    options = [word for setting in settings for word in ("--set", setting)]
    host = subprocess.Popen([program, "run", "--profile", "minimal", "--id", "spied", *options, "--bind", f"{shared}:{shared}:rw", "--", PYTHON, "-c", SPY, log, end], cwd=cwd)
    try:
        wait_until("the spy", lambda: os.path.exists(log) and "ready" in open(log).read())
        first = traced(program, "exec", "spied", "--", "/bin/true", cwd=cwd)
        stops = [stop["stop"] for stop in first["stops"] if stop["process"] == "sandbox-helper.1.1" or (stop["process"] == "sandbox-helper.1" and "setns" not in stop["call"])]
        calls = {stop.split("#")[0]: stop for stop in stops if stop.split("/")[1].split("#")[0] in STAGES}  # the last of each
        chosen = [*calls.values()]
        check(len(chosen) >= 5, f"few stages: {stops} {first['status']} {first['stderr']}")
        with open(log, "w"):
            pass
        seen = traced(program, "exec", "spied", "--", "/bin/true", actions=[("--run", stop, "sleep 0.15") for stop in chosen], cwd=cwd)
        check(all(action["done"] for action in seen["actions"]), f"{seen['actions']}")
        open(end, "w").close()
        host.wait(10)
        with open(log) as file:
            return [line for line in file.read().splitlines() if line != "ready" and line != "[]"], len(chosen)
    finally:
        host.kill()
        host.wait()


# Landlock and the filter would refuse as well: the guest's own defence is tried alone.
found, stages = spied(SANDBOX)
equal([line for line in found if line != "[]"], [], f"what the spy saw at {stages} stages")
found, _ = spied(SANDBOX, settings=())
equal(found, [], "what the spy saw with all in place")
if WAY == "user":
    os.makedirs(f"{HOME}/.undefended")
    with open(f"{HOME}/.undefended/defences-off", "w") as file:
        file.write("undumpable capabilities")
    found, _ = spied(UNDEFENDED, f"{HOME}/.undefended")
    print(found[:3])
    control(found, "a guest that can be looked into")
# Process 1, and what is left of the set-up, from inside.
if WAY == "user":
    done = undefended("undumpable landlock seccomp", SELFTEST_PROBE, options=["--bind", SELFTEST_PROBE])
    control("file:/proc/1/mem" in got_through(attempts(done, 30)), "process 1 without its defences")
for profile_name in ("minimal", "shell"):
    done = run(SANDBOX, "run", "--profile", profile_name, "--bind", SELFTEST_PROBE, "--", SELFTEST_PROBE)
    equal(got_through(attempts(done, 30)), [], f"process 1 under {profile_name}")
canary.unchanged("after all")
