"""A5 (CVE-2025-52881, CVE-2019-16884, CVE-2019-19921): what is written below /proc goes to files that only look like it."""
from attack import *

canary = Canary()
# A fake /proc takes the place of the real one at the moment at which the ids of the child are written there.
fake = f"{canary.folder}/proc"


def make_fake():
    canary.renew()
    for number in range(1, 400):
        os.makedirs(f"{fake}/{number}")
        for name in ("uid_map", "gid_map", "setgroups"):
            with open(f"{fake}/{number}/{name}", "w") as file:
                file.write(SECRET)
    canary.before = snapshot(canary.folder)


def start(program, cwd=HOME):
    """In mount and pid namespaces of the test's own, with the rights to mount there."""
    return run("unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", TRACE, "--output", f"{HOME}/seen.json",
               "--run", "sandbox-helper/openat2#1", f"mount --bind {fake} /proc", "--", program, "run", "--profile", "minimal", "--", "/bin/echo", "it runs", cwd=cwd, timeout=40)


if WAY == "user":  # in namespaces of its own, where the user may mount
    make_fake()
    os.makedirs(f"{HOME}/.undefended")
    with open(f"{HOME}/.undefended/defences-off", "w") as file:
        file.write("procfs")
    done = start(UNDEFENDED, f"{HOME}/.undefended")
    control(any(name.endswith("uid_map") or name.endswith("setgroups") for name in canary.changed()), f"the fake files were not written: {done}")
    make_fake()
    done = start(SANDBOX)
    check("sandbox: " in done.stderr and "/proc of this host is no procfs" in done.stderr and "it runs" not in done.stdout, f"a fake /proc: {done}")
    canary.unchanged("a fake /proc")
    shutil.rmtree(fake)
canary.before = snapshot(canary.folder)

# A root whose /proc or /sys is something else: a link, a file, a tree that looks like it.
for name in ("proc", "sys"):
    for shape in ("link", "file", "tree"):
        for readonly in ("true", "false"):
            root = f"{HOME}/root"
            shutil.rmtree(root, ignore_errors=True)
            busybox_root(root)
            os.rmdir(f"{root}/{name}")
            if shape == "link":
                os.symlink(canary.folder, f"{root}/{name}")
            elif shape == "file":
                shutil.copy(f"{canary.folder}/secret", f"{root}/{name}")
            else:
                os.makedirs(f"{root}/{name}/self/attr")
                os.makedirs(f"{root}/{name}/sys/user")
                os.symlink(f"{canary.folder}/secret", f"{root}/{name}/sys/user/max_user_namespaces")
            done = with_profile(f'[root]\nsource = "{root}"\nreadonly = {readonly}\n', "/bin/sh", "-c", "stat -f -c %T /proc; cat /proc/sys/user/max_user_namespaces")
            if done.returncode == 0:
                equal(done.stdout, "proc\n0\n", f"/{name} as {shape}: {done.stderr!r}")
            else:
                refused(done)
            canary.unchanged(f"/{name} as {shape}")
# Mounts over what we write to.
for target in ("/proc/self", "/proc/sys", "/proc/sys/user", "/proc/self/attr", "/proc/1"):
    for kind in ('type = "tmpfs"', f'type = "bind"\nsource = "{canary.folder}"'):
        refused(with_profile(f'[[mount]]\n{kind}\ntarget = "{target}"\n', "/bin/true"), "/proc is the sandbox's own")
canary.unchanged("after all")
