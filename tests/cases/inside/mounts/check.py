"""The mount table shows no folder of the user's, no device of the host, and nothing that can be written but our own."""
from support import *

document = probe()
paths = set()
for line in document["mounts"]:
    left, _, right = line.partition(" - ")
    fields, kind = left.split(), right.split()[0]
    root, target, options = fields[3], fields[4], fields[5].split(",")
    # The probe's own file is bound by the case itself.
    if target == PROBE:
        continue
    paths.add(target)
    check(not root.startswith(HOME) and HOME not in root, f"the host's home shows through: {line}")
    check("nosuid" in options, f"not nosuid: {line}")
    if kind not in ("tmpfs", "proc", "devpts", "mqueue", "sysfs", "cgroup2", "devtmpfs"):
        check("ro" in options, f"writable file system of the host: {line}")
    if kind == "devtmpfs":
        check(target in {f"/dev/{n}" for n in ("null", "zero", "full", "random", "urandom", "tty")} or target.startswith(("/proc/", "/sys/")), f"device: {line}")
    check(not any("master:" in f or "shared:" in f for f in fields[6:]), f"mounts propagate: {line}")
check("/usr" in paths and "/proc" in paths, f"mounts: {sorted(paths)}")
