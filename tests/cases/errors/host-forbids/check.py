"""What the host forbids is said with the knob that allows it."""
from support import *

works()

# A user namespace of the case's own stands for a host with other settings.
done = run("/usr/bin/unshare", "--user", "--map-current-user", "--keep-caps", "/bin/sh", "-c",
           'echo 0 >/proc/sys/user/max_user_namespaces && exec "$SANDBOX" run --profile minimal -- /bin/true')
one_error(done, 125, "user.max_user_namespaces")
done = run("/usr/bin/unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "/bin/sh", "-c",
           'mount --bind /dev/null /proc/filesystems && exec "$SANDBOX" run --profile minimal -- /bin/true')
one_error(done, 125, "proc", "mask")
