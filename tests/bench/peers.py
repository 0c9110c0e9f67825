"""The same work, in the words of each tool. The work is a Plan of ours, as `sandbox explain --json` prints it."""
import json
import os
import shutil
import subprocess

from measure import Command, Failed

TRUE = "/usr/bin/true"


def plan_of(sandbox, profile, command, options=()):
    return json.loads(asked([sandbox, "run", "--dry-run", "--json", "--profile", profile, *options, "--", *command]))


def asked(words):
    """What a program prints that has to succeed."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise Failed(f"{' '.join(words)[:200]} ends with status {done.returncode}{': ' + said[-1] if said else ''}")
    return done.stdout


def inside(value):
    return value if isinstance(value, str) else value["inside"]


def source(mount):
    found = mount["source"]
    while isinstance(found, dict):
        found = found.get("path", found.get("host"))
    return found


def memory(content):
    number = os.memfd_create("bench", 0)
    os.write(number, content)
    os.set_inheritable(number, True)
    return number


def bwrap(plan, filter_bytes, command=(TRUE,), program=None):
    """What bwrap cannot say is given by its nearest kind: a mask is a read-only tmpfs or a bind of /dev/null."""
    words = [program or shutil.which("bwrap"), "--unshare-all", "--new-session", "--die-with-parent", "--cap-drop", "ALL", "--clearenv"]
    descriptors = []
    if plan["network"]["mode"] == "host":
        words.append("--share-net")
    if plan["hostname"]:
        words += ["--hostname", plan["hostname"]]
    for entry in plan["process"]["environment"]:
        words += ["--setenv", *entry.split("=", 1)]
    devices = False
    for mount in plan["mounts"]:
        kind, target = mount["kind"], inside(mount["target"])
        if kind == "bind":
            words += ["--bind" if mount.get("access") == "rw" else "--ro-bind", source(mount), target]
        elif kind == "device" and not devices:
            words += ["--dev", "/dev"]
            devices = True
        elif kind == "proc":
            words += ["--proc", target]
        elif kind == "tmpfs" and target != "/dev":
            words += ["--tmpfs", target]
        elif kind == "directory" and not target.startswith("/dev/"):
            words += ["--dir", target]
        elif kind == "symlink" and not target.startswith("/dev/"):
            words += ["--symlink", mount["text"], target]
        elif kind == "data":
            content = mount.get("contents", 0)
            descriptors.append(memory(b"x" * (content if isinstance(content, int) else len(content))))
            words += ["--ro-bind-data", str(descriptors[-1]), target]
        elif kind == "mqueue":
            words += ["--mqueue", target]
        elif kind == "mask":
            if os.path.isdir(target):
                words += ["--tmpfs", target, "--remount-ro", target]
            elif os.path.exists(target):
                words += ["--ro-bind", "/dev/null", target]
        elif kind == "read-only" and os.path.exists(target):
            words += ["--ro-bind", target, target]
    if filter_bytes:
        descriptors.append(memory(filter_bytes))
        words += ["--seccomp", str(descriptors[-1])]
    return Command(*words, "--", *command, descriptors=descriptors, peer=True)


def firejail(command=(TRUE,)):
    """Its nearest equivalent; it is setuid, and shows more of the host."""
    return Command(shutil.which("firejail"), "--quiet", "--noprofile", "--caps.drop=all", "--nonewprivs", "--seccomp", "--net=none",
                   "--private", "--private-dev", "--private-tmp", "--hostname=sandbox", *command, peer=True)


def runtime(name, sandbox, profile, folder, command=(TRUE,)):
    """crun or runc, from the bundle that `sandbox config` makes of the same Plan."""
    bundle = os.path.join(folder, name)
    shutil.rmtree(bundle, ignore_errors=True)
    os.makedirs(os.path.join(folder, "state"), exist_ok=True)
    asked([sandbox, "config", "--oci", "--bundle", bundle, "--profile", profile, "--", *command])
    path = os.path.join(bundle, "config.json")
    with open(path) as file:
        config = json.load(file)
    config["root"]["readonly"] = False
    config["process"]["terminal"] = False
    # Neither makes groups without a manager of the user's; and runc maps nobody without its root: the caller is user 0 inside.
    for key in ("resources", "cgroupsPath"):
        config["linux"].pop(key, None)
    config["process"]["user"].update(uid=0, gid=0)
    for key in ("uidMappings", "gidMappings"):
        config["linux"][key] = [{**config["linux"][key][0], "containerID": 0}]
    for mount in config["mounts"]:
        mount["options"] = [option[:4] + "0" if option.startswith(("uid=", "gid=")) else option for option in mount.get("options", [])]
    with open(path, "w") as file:
        json.dump(config, file)
    return Command(shutil.which(name), "--root", os.path.join(folder, "state"), *(["--cgroup-manager=disabled"] if name == "crun" else ["--rootless=true"]),
                   "run", "--bundle", bundle, f"bench-{name}-{os.getpid()}", peer=True)
