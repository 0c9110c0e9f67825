"""A29 (CVE-2021-41133): system calls that mount or make namespaces are left open, natively or under another ABI."""
from attack import *

ways()
canary = Canary()
ATTEMPT = "unshare --user --mount --map-root-user sh -c 'mount -t tmpfs x /usr && echo mounted'"
# The control: without the filter, the kernel's own limit and Landlock they go through.
through = probe_without("seccomp nested landlock", 29)
control({"call:unshare (native)", "call:clone (native)", "call:clone3 (native)", "call:mount (native)", "call:chroot (native)"} <= set(through), f"{through}")
control(undefended("seccomp nested landlock", "/bin/sh", "-c", ATTEMPT).stdout == "mounted\n", "a mount over /usr")
held_every_way(29)
held_every_way(29, profile="shell")
for how, done in every_way("/bin/sh", "-c", ATTEMPT):
    check(done.returncode != 0 and "mounted" not in done.stdout, f"{how}: {done}")
# Where nested user namespaces are granted, mounts still are not.
done = run(*as_test_user(SANDBOX, "run", "--profile", profile("[process]\nuserns = true\n"), "--", "/bin/sh", "-c", ATTEMPT))
check("mounted" not in done.stdout and done.returncode != 0, f"nested: {done}")
# Each of the two walls stands alone.
equal([key for key in probe_without("nested", 29)], [], "with the filter alone")
check("call:unshare (native)" not in probe_without("seccomp", 29), "with the limit alone a user namespace was made")
canary.unchanged("after all")
