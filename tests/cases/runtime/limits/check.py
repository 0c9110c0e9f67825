"""[limits]: read strictly; without control groups a start goes on if it may, and stops where the limit is required."""
from runtime.helpers import *

delegated = False
with open("/proc/self/cgroup") as file:
    own = next((line.strip().split(":", 2)[2] for line in file if line.startswith("0::")), None)
for root in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
    if own and os.access(f"{root}{own}/cgroup.procs", os.W_OK) and os.access(f"{root}{own}", os.W_OK):
        delegated = True
says(with_profile('[limits]\n"pids.max" = 500\n"memory.max" = "500M"\n', "/bin/echo", "on"), "on\n", "best effort", stderr=None)
says(with_profile('[limits]\nrequired = "off"\n"pids.max" = 500\n', "/bin/echo", "on"), "on\n", "off")
done = with_profile('[limits]\nrequired = true\n"memory.max" = "100M"\n', "/usr/bin/python3", "-c", "x = bytearray(300 << 20); print('started without the limit')")
check("started" not in done.stdout, f"a required limit was not in force: {done.stdout!r} {done.stderr!r}")
if not delegated:
    one_error(done, 125, "case.toml:4:", "limits are required, and ", "control group")
for text, needle in (('"memory.max" = "lots"', "lots"), ('"memory.max" = "-1"', "-1"), ('"cpu.weight" = 0', "10000"), ('"cpu.max" = "0%"', "0%"), ('"pids.max" = 0', "max"),
                     ('"memory.maximum" = "1G"', "memory.max"), ('"cpuset.cpus" = "3-1"', "3-1"), ('"io.max" = "8:0"', "rbps"), ('required = "maybe"', "maybe"),
                     ('"pids.max" = "10\\nmax"', "limits.pids.max")):
    one_error(with_profile(f"[limits]\n{text}\n", "/bin/true"), 125, "case.toml:3:", needle)
# A group of somebody else's cannot be asked for: no key names one.
for key in ("parent", "cgroup", '"cgroup.procs"'):
    one_error(with_profile(f'[limits]\n{key} = "../../system.slice"\n', "/bin/true"), 125, "case.toml:3:", "unknown limit")
one_error(with_profile('[cgroup]\nparent = "/"\n', "/bin/true"), 125, "case.toml:2:", "cgroup")
# Cache and bandwidth allocation is root's: no key.
one_error(with_profile("[intel-rdt]\nl3 = 1\n", "/bin/true"), 125, "case.toml:2:", "intel-rdt")
one_error(with_profile('[limits]\n"cpu.rt_runtime_us" = 1\n', "/bin/true"), 125, "case.toml:3:", "cpu.rt_runtime_us")
