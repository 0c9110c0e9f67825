"""A32 (CVE-2015-3630, CVE-2017-16539): files of /proc and /sys that tell of the host or steer it. All are opened, against a list."""
from attack import *

ways()
canary = Canary()
SWEEP = r'''
import os, stat
for top in ("/proc", "/sys"):
    for parent, folders, files in os.walk(top):
        if top == "/proc" and parent == "/proc": folders[:] = [f for f in folders if not f.isdigit() and f not in ("self", "thread-self")]
        for name in files:
            path = os.path.join(parent, name)
            try: status = os.lstat(path)
            except OSError: continue
            if not stat.S_ISREG(status.st_mode) and not stat.S_ISCHR(status.st_mode): continue
            for how, flags in (("write", os.O_WRONLY), ("read", os.O_RDONLY)):
                try:
                    file = os.open(path, flags | os.O_NONBLOCK)
                    if how == "write" or os.read(file, 1): print(how, path)
                    os.close(file)
                except OSError: pass
print("done")
'''
# What is written: nothing but the null device over a masked file. What is read beside the settings: what any program may know.
READABLE = re.compile(r"/proc/(?:bootconfig|buddyinfo|cgroups|cmdline|config\.gz|consoles|cpuinfo|crypto|devices|diskstats|dma|execdomains|fb|filesystems|iomem|ioports|kallsyms|loadavg|locks|mdstat|"
                      r"meminfo|misc|modules|mtrr|pagetypeinfo|partitions|pressure/.*|schedstat|slabinfo|softirqs|stat|swaps|sys/.*|sysvipc/.*|tty/.*|uptime|version|vmallocinfo|vmstat|zoneinfo|"
                      r"driver/.*|fs/.*|bus/.*|irq/.*|net/.*|key-users|dynamic_debug/.*|allocinfo|acpi/.*)$")
FORBIDDEN = {"/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/proc/interrupts", "/proc/latency_stats", "/proc/kmsg", "/proc/sysrq-trigger"}


def faults(text):
    found = []
    for line in text.splitlines()[:-1]:
        how, path = line.split(" ", 1)
        if how == "read" and (path in FORBIDDEN or not (READABLE.match(path) or path.startswith("/sys/"))):
            found.append(line)
    return found


seen = python(SWEEP, launcher=as_test_user(*BWRAP))
control(any(line in seen.stdout for line in ("read /proc/interrupts", "read /proc/keys")), f"bubblewrap shows them: {seen.stdout[:300]}")
through = probe_without("masks", 32)
control("read:/proc/interrupts" in through or "read:/proc/keys" in through, f"without masks: {through}")
for how, done in every_way(PYTHON, "-c", SWEEP, profile="shell", timeout=60):
    check(done.stdout.endswith("done\n"), f"{how}: {done}")
    equal(faults(done.stdout), [], f"{how}: files that tell of the host")
    # A masked file is the null device, which anybody may write into.
    writable = [line for line in done.stdout.splitlines() if line.startswith("write ") and line[6:] not in FORBIDDEN]
    writable = [line for line in writable if not re.match(r"write /proc/(acpi|asound|scsi|timer_stats)", line)]
    # A trigger of one's own (PSI), which the kernel grants to everybody.
    writable = [line for line in writable if not line.startswith("write /proc/pressure/")]
    equal(writable, [], f"{how}: files that can be written")
held_every_way(32)
canary.unchanged("after all")
