"""Paths of /proc and /sys that tell or change the host read as empty; settings cannot be written."""
from support import *
import errno

hidden = ["/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/sched_debug", "/proc/kmsg", "/proc/interrupts",
          "/proc/acpi", "/proc/scsi", "/proc/asound", "/sys/firmware", "/sys/fs/selinux", "/sys/devices/virtual/powercap"]
script = 'for p in "$@"; do if [ -d "$p" ]; then ls -A "$p" | sed "s|^|$p/|"; elif [ -e "$p" ]; then head -c 20 "$p" 2>/dev/null | od -An -c | sed "s|^|$p: |"; fi; done'
done = minimal("/bin/sh", "-c", script + "; echo end", "sh", *hidden)
equal((done.returncode, done.stdout), (0, "end\n"), "what shows through a mask")
fixed = ["/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger",
         "/proc/sys/user/max_user_namespaces", "/proc/sys/net/ipv4/ip_forward"]
for path, result in probe("open", *fixed).items():
    check(result["write"] in (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT), f"{path} opened for writing: {result}")
