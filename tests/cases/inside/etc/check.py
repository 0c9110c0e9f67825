"""Generated files tell of this user only, and none of the host's secrets is there."""
from support import *

done = minimal("/bin/sh", "-c", "cat /etc/passwd")
for line in done.stdout.splitlines():
    check(int(line.split(":")[2]) in (os.getuid(), 0, 65534), f"passwd tells of {line}")
for path in ("/etc/shadow", "/etc/gshadow", "/etc/ssh", "/etc/sudoers", "/etc/fstab", "/etc/crontab"):
    equal(minimal("/bin/sh", "-c", f"test -e {path}").returncode, 1, f"{path} is there")
host = open("/etc/machine-id").read() if os.path.exists("/etc/machine-id") else ""
inside = minimal("/bin/sh", "-c", "cat /etc/machine-id 2>/dev/null").stdout
check(not host or inside != host, "the host's machine-id shows")
equal(minimal("/bin/hostname").stdout == run("/bin/hostname").stdout, False, "the host's name")
