"""A12 (CVE-2024-5154, CVE-2025-24965): names under which the set-up generates files are links of the root."""
from attack import *

canary = Canary()
root = f"{HOME}/root"
NAMES = ("passwd", "group", "hosts", "hostname", "resolv.conf", "machine-id", "localtime")


def make(prefix):
    shutil.rmtree(root, ignore_errors=True)
    busybox_root(root)
    for name in NAMES:
        os.symlink(f"{prefix}{canary.folder}/{name}", f"{root}/etc/{name}")
    os.rmdir(f"{root}/dev")
    os.symlink(prefix + canary.folder, f"{root}/dev")


make("/oldroot")
done = run("bwrap", "--bind", root, "/", "--file", "0", "/etc/hostname", "/bin/true")
control("hostname" in canary.changed(), f"bubblewrap 0.8.0: {done}")
canary.renew()
for prefix in ("", "/oldroot", "/proc/1/root", "/proc/self/root", "/proc/self/cwd/../../../.."):
    for readonly in ("true", "false"):
        for etc in ('["accounts"]', '["resolver", "tls", "fonts"]'):
            make(prefix)
            before = snapshot(root)
            done = with_profile(f'[hostname]\nname = "generated"\n[root]\nsource = "{root}"\nreadonly = {readonly}\n', "/bin/sh", "-c", "cat /etc/hostname /etc/passwd; echo written >/etc/hosts; true")
            if done.returncode == 0:
                check(SECRET not in done.stdout, f"{prefix}: {done.stdout!r}")
            else:
                refused(done)
            canary.unchanged(prefix)
            if readonly == "true":
                equal(snapshot(root), before, f"{prefix}: the root itself")
