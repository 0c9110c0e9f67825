"""A31 (CVE-2023-25809, CVE-2022-0492): a file of the control groups or of sysfs can be written inside."""
from attack import *

ways()
canary = Canary()
WALK = r'''
import os, stat
found = 0
for mount in open("/proc/self/mountinfo"):
    left, _, right = mount.partition(" - ")
    if right.split()[0] in ("cgroup", "cgroup2"): print("mounted", left.split()[4])
for top in ("/sys", "/proc/sys"):
    for parent, folders, files in os.walk(top):
        if parent.count("/") > 5: folders[:] = []
        for name in files:
            path = os.path.join(parent, name)
            try:
                if not stat.S_ISREG(os.lstat(path).st_mode): continue
                os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK)); found += 1
                if found < 5: print("writable", path)
            except OSError: pass
for name in ("/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/../cgroup/cgroup.procs", "/proc/1/root/sys/fs/cgroup/cgroup.procs"):
    try: open(name, "w").close(); print("writable", name)
    except OSError: pass
print("done")
'''
# Opened for writing, and nothing written: as root, in a view that binds /sys.
done = run("bwrap", "--ro-bind", "/", "/", "--dev-bind", "/sys", "/sys", "--proc", "/proc", PYTHON, "-c", WALK)
control("writable /sys" in done.stdout, f"bubblewrap with /sys: {done}")
for how, done in every_way(PYTHON, "-c", WALK, profile="shell"):
    equal(done.stdout, "done\n", how)
held_every_way(31)
# The group that a sandbox is in is not named to it: its root is its own.
for how, done in every_way("/bin/cat", "/proc/self/cgroup"):
    check(all(line.endswith(":/") for line in done.stdout.splitlines() if line.startswith("0::")), f"{how}: {done.stdout!r}")
canary.unchanged("after all")
