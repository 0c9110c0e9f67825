"""No user namespace can be made inside, by any call, and a set-user-id program gains nothing."""
from support import *

for command in (["/usr/bin/unshare", "--user", "/bin/true"], ["/usr/bin/unshare", "--mount", "/bin/true"], ["/usr/bin/unshare", "--net", "/bin/true"],
                ["/usr/bin/bwrap", "--ro-bind", "/", "/", "/bin/true"], ["/usr/bin/mount", "-t", "tmpfs", "x", "/tmp"]):
    if os.path.exists(command[0]):
        done = minimal(*command)
        check(done.returncode not in (0, 125, 127) and done.stderr, f"{command[0]}: {done}")
done = minimal("/bin/su", "-c", "id")
check(done.returncode != 0 and "uid=0" not in done.stdout, f"su: {done}")
