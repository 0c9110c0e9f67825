"""An OCI config.json becomes a profile that runs, with a list of what was left behind; a hostile one is one line of error."""
import tomllib

from runtime.helpers import *

works()
os.makedirs(f"{HOME}/bundle")
root = busybox_root(f"{HOME}/bundle/rootfs")
path = f"{HOME}/bundle/config.json"


def said(document, *more):
    with open(path, "w") as file:
        file.write(document if isinstance(document, str) else json.dumps(document))
    return run(SANDBOX, "config", "--from-oci", path, *more)


def carried(document):
    """The profile's text and the lines of what was left behind."""
    done = said(document)
    text = succeeds(done, f"from {document}")
    lines = done.stderr.splitlines()
    check(all(line.startswith("sandbox: warning: not carried over: ") for line in lines), f"stderr: {done.stderr}")
    return text, [line.removeprefix("sandbox: warning: not carried over: ") for line in lines]


# As a container manager writes it, shortened.
document = {
    "ociVersion": "1.0.2",
    "process": {"terminal": False, "user": {"uid": 0, "gid": 0, "umask": 23, "additionalGids": [10]}, "args": ["/bin/sh", "-c", "echo $GREETING; cat /etc/issue; id -u; pwd; ulimit -n; umask; hostname; ls /data; echo x >/data/y && echo writable"],
                "env": ["PATH=/bin", "GREETING=hello world", "1BAD=x", "PLACE=${HOME}"], "cwd": "/var",
                "capabilities": {"bounding": ["CAP_KILL", "CAP_SYS_ADMIN"], "effective": ["CAP_SYS_ADMIN"], "permitted": [], "inheritable": [], "ambient": []},
                "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 77, "hard": 99}], "noNewPrivileges": True, "oomScoreAdj": 100},
    "root": {"path": "rootfs", "readonly": True},
    "hostname": "from-oci",
    "mounts": [{"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid", "noexec", "nodev"]},
               {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
               {"destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]},
               {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]},
               {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
               {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"]},
               {"destination": "/data", "type": "bind", "source": f"{HOME}/Downloads", "options": ["rbind", "rprivate", "rw", "noatime"]}],
    "hooks": {"prestart": [{"path": "/bin/true"}]},
    "annotations": {"org.other": "x"},
    "linux": {"namespaces": [{"type": kind} for kind in ("pid", "network", "ipc", "uts", "mount", "user", "cgroup")],
              "uidMappings": [{"containerID": 0, "hostID": os.getuid(), "size": 1}], "gidMappings": [{"containerID": 0, "hostID": os.getgid(), "size": 1}],
              "devices": [{"path": "/dev/fuse-of-nobody", "type": "c", "major": 10, "minor": 229, "fileMode": 438}, {"path": "/dev/null", "type": "c", "major": 1, "minor": 3}],
              "resources": {"devices": [{"allow": False, "access": "rwm"}]},
              "maskedPaths": ["/proc/kcore", "/proc/version"], "readonlyPaths": ["/proc/sys"], "rootfsPropagation": "rslave",
              "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
                          "syscalls": [{"names": ["read", "write", "openat", "clone", "execve", "exit_group", "mount", "no_such_call"], "action": "SCMP_ACT_ALLOW"},
                                       {"names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}]}}}
text, lost = carried(document)
for needle in ("additionalGids", "1BAD", "PLACE: '${'", "CAP_SYS_ADMIN", "oomScoreAdj", "hooks", "org.other", "mounts[4] (/sys)", "mounts[5] (/sys/fs/cgroup)", "noatime", "/dev/fuse-of-nobody",
               "linux.resources.devices", "rootfsPropagation", "no_such_call", "arguments of personality", "process.capabilities:"):
    equal(len([line for line in lost if needle in line]), 1, f"{needle} in {lost}")
equal(len(lost), 16, f"what was left behind: {lost}")
for needle in ('allow = ["mount"]', '"connect"', 'size = "65536K"', 'mode = "loopback"', '"/proc/version"', 'nodes = ["/dev/fuse-of-nobody"]', 'rlimits.nofile = [77, 99]', 'umask = "027"', f'source = "{root}"'):
    check(needle in text, f"{needle} is not in {text}")
check('"execve"' not in text and '"personality"' not in text, f"denied, though allowed: {text}")

# It runs: without the filter, which lets nothing run, and the device, which is not there.
del document["linux"]["seccomp"], document["linux"]["devices"]
text, _ = carried(document)
with open(f"{HOME}/imported.toml", "w") as file:
    file.write(text)
done = run(SANDBOX, "run", "--profile", f"{HOME}/imported.toml", "--", "/bin/sh", "-c", document["process"]["args"][2])
says(done, "hello world\na root of its own\n0\n/var\n77\n0027\nfrom-oci\nwritable\n", "the imported profile", stderr=None)
os.unlink(f"{HOME}/Downloads/y")
says(run(SANDBOX, "run", f"{HOME}/imported.toml"), "hello world\na root of its own\n0\n/var\n77\n0027\nfrom-oci\nwritable\n", "its own command", stderr=None)

# There and back: what we export is read again, and the plan that comes of it mounts the same.
exported = succeeds(run(SANDBOX, "config", "--oci", "--bind", f"{HOME}/Downloads:rw", "--cwd", "/usr", "--rlimit", "nofile=5:6", "--profile", "minimal", "--", "/bin/echo", "back"), "export")
text, lost = carried(exported)
check(all("nr_inodes" in line or "seccomp" in line for line in lost), f"left behind of our own: {lost}")
with open(f"{HOME}/imported.toml", "w") as file:
    file.write(text)
json.loads(succeeds(run(SANDBOX, "explain", "--json", f"{HOME}/imported.toml"), "explain of what came back"))

# Limits, joined namespaces, missing ones.
small = {"ociVersion": "1.0.2", "process": {"args": ["sh", "-c", "true"], "cwd": "/"}, "root": {"path": root},
         "linux": {"namespaces": [{"type": "pid"}, {"type": "ipc", "path": "/proc/1/ns/ipc"}],
                   "resources": {"memory": {"limit": 1048576, "swap": 2097152, "kernel": 1}, "cpu": {"shares": 1024, "quota": 50000, "period": 100000, "mems": "0"}, "pids": {"limit": -1}, "unified": {"io.weight": "50", "odd": "1"}}}}
text, lost = carried(small)
for needle in ('"memory.max" = 1048576', '"memory.swap.max" = 1048576', '"cpu.weight" = 39', '"cpu.max" = "50000 100000"', '"pids.max" = "max"', '"io.weight" = 50', 'limits.required = true', 'ipc = "/proc/1/ns/ipc"',
               'mode = "host"', 'uts = "host"', "readonly = false"):
    check(needle in text, f"{needle} is not in {text}")
for needle in ("sh -c true", "memory.kernel", "cpu.mems", "unified.odd", "'user'", "'mount'"):
    check(any(needle in line for line in lost), f"{needle} in {lost}")


# Types, ranges and shapes: each an error that names the member.
def changed(place, value):
    other = json.loads(json.dumps(document))
    spot = other
    for key in place[:-1]:
        spot = spot[key]
    if value is None:
        del spot[place[-1]]
    else:
        spot[place[-1]] = value
    return other


for place, value, needle in ((("process", "user", "uid"), "0", "process.user.uid"), (("process", "user", "uid"), -1, "process.user.uid"), (("process", "user", "uid"), 4294967295, "process.user.uid"),
                             (("process", "user", "uid"), 1.5, "process.user.uid"), (("process", "user", "umask"), 512, "umask"), (("process", "args"), [], "process.args"), (("process", "args"), [1], "process.args[0]"),
                             (("process", "cwd"), "relative", "process.cwd"), (("process", "cwd"), "/a/../b", "process.cwd"), (("process", "terminal"), "yes", "process.terminal"), (("process",), [], "process"),
                             (("process", "rlimits"), [{"type": "RLIMIT_ODD", "soft": 1, "hard": 1}], "RLIMIT_ODD"), (("process", "rlimits"), [{"type": "RLIMIT_CPU", "soft": 2, "hard": 1}], "rlimits[0]"),
                             (("process", "rlimits"), [{"type": "RLIMIT_CPU", "soft": 1, "hard": 1}] * 2, "twice"), (("process", "rlimits"), [{"type": "RLIMIT_CPU", "soft": 18446744073709551616, "hard": 1}], "rlimits[0].soft"),
                             (("root",), None, "root.path"), (("root", "path"), "", "root.path"), (("root", "path"), "${HOME}", "root.path"), (("ociVersion",), "2.0.0", "ociVersion"), (("hostname",), 1, "hostname"),
                             (("mounts", 6, "destination"), "data", "mounts[6].destination"), (("mounts", 6, "destination"), "/", "mounts[6].destination"), (("mounts", 6, "source"), "", "mounts[6].source"), (("mounts",), {}, "mounts"),
                             (("linux", "namespaces"), [{"type": "odd"}], "odd"), (("linux", "namespaces"), [{"type": "pid"}] * 2, "twice"), (("linux", "namespaces"), [{"type": "ipc", "path": "x"}], "namespaces[0].path"),
                             (("linux", "uidMappings"), [{"containerID": 0}], "uidMappings[0]"), (("linux", "maskedPaths"), ["x"], "maskedPaths"), (("linux", "seccomp"), {}, "defaultAction"),
                             (("linux", "seccomp"), {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{}]}, "syscalls[0]"), (("linux", "resources"), {"pids": {"limit": -2}}, "pids.limit")):
    one_error(said(changed(place, value)), 125, "config.json", needle)
# Bytes that are no document.
for text, needle in (("", "not JSON"), ("{", "not JSON"), ("[" * 100000, "deep"), ('{"a":' * 40 + "1" + "}" * 40, "deep"), ('{"root": {}, "root": {}}', "twice"), ('{"a": "\\u0000"}', "NUL"), ('{"a": 1}}', "not JSON"),
                     ('{"root": "x" // no\n}', "1:14"), ("[]", "an object"), ("null", "an object"), ('{"a": 1e999}', "JSON"), ('{"a": "\\ud800"}', "not JSON"), ("[" + "1," * 5000 + "1]", "4096"),
                     ("{" + ",".join(f'"k{n}": 1' for n in range(5000)) + "}", "4096"), ('"' + "x" * 2000000 + '"', "config.json"), ("\x1b[31m{", "not JSON")):
    one_error(said(text), 125, needle)
with open(path, "wb") as file:
    file.write(b'{"hostname": "\xff\xfe"}')
one_error(run(SANDBOX, "config", "--from-oci", path), 125, "not JSON")
# Values that TOML and the profile would read as something else come through as text, or not at all.
text, lost = carried(changed(("process", "env"), ['Q="]\n[files]\n"/" = "rw"', "N=\x1b[31m", "U=\u202e"]))
read = tomllib.loads(text)
equal(("files" in read, read["env"]["set"]["Q"]), (False, '"]\n[files]\n"/" = "rw"'), f"a value became a table: {text}")
check(not any(ord(c) < 0x20 and c != "\n" for c in text), f"control characters: {text!r}")
os.unlink(path)
os.mkfifo(path)
one_error(run(SANDBOX, "config", "--from-oci", path), 125, "not a file")
os.unlink(path)
one_error(run(SANDBOX, "config", "--from-oci", path), 125, "No such file")
one_error(run(SANDBOX, "config", "--from-oci", path, "word"), 2, "alone")
