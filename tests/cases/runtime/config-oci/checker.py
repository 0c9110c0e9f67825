"""Holds the process that it runs in against a config.json, by the OCI runtime specification 1.0.2 alone: run inside the container.

usage: checker.py CONFIG FACTS

FACTS are what only the outside knows, as JSON: "namespaces" (the links of /proc/self/ns there) and "sources" (the device and
inode of each bind's source). Prints one line for each thing that is not as the configuration says; the last line is the count
of things that were looked at.
"""
import ctypes
import errno
import json
import os
import re
import resource
import stat
import sys

faults, looked_at = [], 0


def hold(condition, text):
    global looked_at
    looked_at += 1
    if not condition:
        faults.append(text)


def same(found, wanted, what):
    hold(found == wanted, f"{what}: {found!r}, the configuration says {wanted!r}")


def words(path):
    with open(path, "rb") as file:
        return [part.decode("utf-8", "surrogateescape") for part in file.read().split(b"\0") if part]


def check_process(process):
    status = dict(re.findall(r"^(\w+):\s*(.*)$", open("/proc/self/status").read(), re.M))
    user = process["user"]
    same(os.getresuid(), (user["uid"],) * 3, "process.user.uid")
    same(os.getresgid(), (user["gid"],) * 3, "process.user.gid")
    if "umask" in user:
        mask = os.umask(0)
        os.umask(mask)
        same(mask, user["umask"], "process.user.umask")
    same(words("/proc/self/cmdline"), process["args"], "process.args")
    same(sorted(words("/proc/self/environ")), sorted(process.get("env", [])), "process.env")
    same(os.getcwd(), process["cwd"], "process.cwd")
    hold(process["cwd"].startswith("/"), "process.cwd is not absolute")
    same(os.isatty(0), process.get("terminal", False), "process.terminal")
    names = "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW " \
        "IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE " \
        "AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE".split()
    for ours, line in (("bounding", "CapBnd"), ("effective", "CapEff"), ("inheritable", "CapInh"), ("permitted", "CapPrm"), ("ambient", "CapAmb")):
        bits = int(status[line], 16)
        same(sorted(f"CAP_{name}" for number, name in enumerate(names) if bits >> number & 1), sorted(process["capabilities"].get(ours, [])), f"process.capabilities.{ours}")
    for limit in process.get("rlimits", []):
        infinite = lambda value: -1 if value == 2**64 - 1 else value
        same(resource.getrlimit(getattr(resource, limit["type"])), (infinite(limit["soft"]), infinite(limit["hard"])), limit["type"])
    same(status["NoNewPrivs"], "1" if process.get("noNewPrivileges") else "0", "process.noNewPrivileges")


def mount_table():
    """Target → (mount options, type, super options, optional fields, device); the topmost of each."""
    found = {}
    unescaped = lambda text: re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), text)
    for line in open("/proc/self/mountinfo", errors="surrogateescape"):
        left, _, right = line.rstrip("\n").partition(" - ")
        fields = left.split(" ")
        kind, _, options = right.split(" ", 2)
        found[unescaped(fields[4])] = (fields[5].split(","), kind, options.split(","), fields[6:], fields[2])
    return found


def size_of(text):
    return int(text[:-1]) << {"k": 10, "m": 20, "g": 30}[text[-1].lower()] if text[-1].isalpha() else int(text)


def check_mounts(config, table, sources):
    for mount in config["mounts"]:
        target, options = mount["destination"], mount.get("options", [])
        hold(target.startswith("/"), f"{target} is not absolute")
        bind = "bind" in options or "rbind" in options
        if target not in table:
            hold(False, f"nothing is mounted on {target}")
            continue
        flags, kind, supers, fields, _ = table[target]
        if not bind:
            same(kind, mount["type"], f"the type of {target}")
        for flag in ("nosuid", "nodev", "noexec", "ro"):
            if flag in options:
                hold(flag in flags or (flag == "ro" and "ro" in supers), f"{target} is not {flag}")
        if "ro" not in options:
            hold("rw" in flags, f"{target} cannot be written")
        if "rprivate" in options or "private" in options:
            same([field for field in fields if field.startswith(("shared", "master"))], [], f"the propagation of {target}")
        for option in options:
            name, _, value = option.partition("=")
            if mount["type"] == "tmpfs" and name == "size":
                same([size_of(text[5:]) for text in supers if text.startswith("size=")], [size_of(value)], f"the size of {target}")
            if mount["type"] == "tmpfs" and name == "nr_inodes":
                same([text[10:] for text in supers if text.startswith("nr_inodes=")], [value], f"the files of {target}")
            if mount["type"] == "tmpfs" and name == "mode":
                same(stat.S_IMODE(os.stat(target).st_mode), int(value, 8), f"the mode of {target}")
        if bind:
            status = os.stat(target)
            same([status.st_dev, status.st_ino], sources[target], f"what {target} is")
    # Nothing is there that the configuration does not explain.
    linux = config["linux"]
    given = {mount["destination"] for mount in config["mounts"]} | {device["path"] for device in linux.get("devices", [])} | set(linux.get("maskedPaths", [])) | \
        set(linux.get("readonlyPaths", [])) | {"/", "/dev/console", *DEFAULT_DEVICES}
    below = [mount["destination"] for mount in config["mounts"] if "rbind" in mount.get("options", [])]
    for target in table:
        hold(target in given or any(target.startswith(f"{folder}/") for folder in below), f"{target} is mounted, and the configuration does not say so")


DEFAULT_DEVICES = {"/dev/null": (1, 3), "/dev/zero": (1, 5), "/dev/full": (1, 7), "/dev/random": (1, 8), "/dev/urandom": (1, 9), "/dev/tty": (5, 0)}


def check_devices(config):
    wanted = dict(DEFAULT_DEVICES)
    wanted.update({device["path"]: (device["major"], device["minor"]) for device in config["linux"].get("devices", [])})
    for path, number in wanted.items():
        status = os.lstat(path)
        hold(stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode), f"{path} is no device")
        same((os.major(status.st_rdev), os.minor(status.st_rdev)), number, path)
    status = os.stat("/dev/ptmx")
    same((stat.S_ISCHR(status.st_mode), os.major(status.st_rdev), os.minor(status.st_rdev)), (True, 5, 2), "/dev/ptmx")
    if config["process"].get("terminal"):
        hold(stat.S_ISCHR(os.lstat("/dev/console").st_mode), "/dev/console is no device")
    for path, text in {"/dev/fd": "/proc/self/fd", "/dev/stdin": "/proc/self/fd/0", "/dev/stdout": "/proc/self/fd/1", "/dev/stderr": "/proc/self/fd/2"}.items():
        same(os.readlink(path), text, path)


def check_hidden(linux):
    for path in linux.get("maskedPaths", []):
        if not os.path.lexists(path):
            continue
        try:
            content = os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
        except PermissionError:
            content = b""
        hold(not content, f"{path} can be read: {content!r}")
    for path in linux.get("readonlyPaths", []):
        if os.path.lexists(path):
            hold(os.statvfs(path).f_flag & os.ST_RDONLY, f"{path} can be written")


def check_namespaces(linux, outside):
    files = {"user": "user", "mount": "mnt", "pid": "pid", "ipc": "ipc", "uts": "uts", "cgroup": "cgroup", "network": "net", "time": "time"}
    named = {space["type"]: space.get("path") for space in linux["namespaces"]}
    for kind, file in files.items():
        here = os.readlink(f"/proc/self/ns/{file}")
        if kind not in named:
            same(here, outside[file], f"the {kind} namespace, which is not named")
        elif named[kind] is None:
            hold(here != outside[file], f"the {kind} namespace is the one outside")
    for member, file in (("uidMappings", "uid_map"), ("gidMappings", "gid_map")):
        found = [[int(number) for number in line.split()] for line in open(f"/proc/self/{file}")]
        same(found, [[one["containerID"], one["hostID"], one["size"]] for one in linux[member]], member)
    for key, value in linux.get("sysctl", {}).items():
        same(open(f"/proc/sys/{key.replace('.', '/')}").read().strip(), value, f"sysctl {key}")


# x86-64. Arguments are chosen so that a call which is let through does no harm.
CALLS = {"mount": 165, "umount2": 166, "pivot_root": 155, "swapon": 167, "reboot": 169, "init_module": 175, "kexec_load": 246, "keyctl": 250, "add_key": 248, "bpf": 321,
         "perf_event_open": 298, "userfaultfd": 323, "io_uring_setup": 425, "acct": 163, "settimeofday": 164, "quotactl": 179, "open_by_handle_at": 304, "ptrace": 101,
         "fsopen": 430, "open_tree": 428, "move_mount": 429, "clone3": 435, "setns": 308, "no_such_call": 1023}
ARGUMENTS = {"socket": [(41, 38, 5, 0), (41, 40, 1, 0)], "ioctl": [(16, 0, 0x5412, 0), (16, 0, 0x541c, 0), (16, 0, 0x5423, 0)], "personality": [(135, 0x0040000)]}


def check_seccomp(seccomp):
    status = dict(re.findall(r"^(\w+):\s*(.*)$", open("/proc/self/status").read(), re.M))
    same(status["Seccomp"], "2", "linux.seccomp: a filter")
    library = ctypes.CDLL(None, use_errno=True)

    def refused(*numbers):
        ctypes.set_errno(0)
        result = library.syscall(*[ctypes.c_ulong(number) for number in numbers])
        return ctypes.get_errno() if result == -1 else 0

    rules = {}
    for rule in seccomp["syscalls"]:
        for name in rule["names"]:
            rules.setdefault(name, []).append(rule)
    for name, number in CALLS.items():
        if any(rule["action"] == "SCMP_ACT_ALLOW" for rule in rules.get(name, [])):
            continue
        code = next((rule.get("errnoRet", errno.EPERM) for rule in rules.get(name, [])), seccomp["defaultErrnoRet"])
        same(refused(number, 0, 0, 0, 0, 0), code, f"the error of {name}")
    for name, calls in ARGUMENTS.items():
        hold(any(rule.get("args") for rule in rules.get(name, [])), f"{name} has no rules on its arguments")
        for call in calls:
            # ioctl of a descriptor that is no terminal fails too, with another error.
            hold(refused(*call) in (errno.EPERM, errno.ENOSYS, errno.EAFNOSUPPORT), f"{name}{call[1:]} is let through")
    hold(refused(39) == 0, "getpid is refused")


config, facts = (json.load(open(path)) for path in sys.argv[1:3])
hold(re.fullmatch(r"1\.\d+\.\d+", config["ociVersion"]), "ociVersion")
table = mount_table()
check_process(config["process"])
same(bool(os.statvfs("/").f_flag & os.ST_RDONLY), config["root"]["readonly"], "root.readonly")
same(os.uname().nodename, config["hostname"], "hostname")
check_mounts(config, table, facts["sources"])
check_devices(config)
check_hidden(config["linux"])
check_namespaces(config["linux"], facts["namespaces"])
check_seccomp(config["linux"]["seccomp"])
for fault in faults:
    print(fault)
print(looked_at)
