"""[[mount]] of every type does what it says."""
from runtime.helpers import *

for name in ("lower", "upper", "work", "shared"):
    os.makedirs(f"{HOME}/{name}")
with open(f"{HOME}/lower/below", "w") as file:
    file.write("from below\n")
with open(f"{HOME}/shared/file", "w") as file:
    file.write("#!/bin/sh\necho it is run\n")
os.chmod(f"{HOME}/shared/file", 0o755)


def mount(type_, target, **keys):
    lines = [f"type = {json.dumps(type_)}", f"target = {json.dumps(target)}"]
    lines += [f"{name} = {value if isinstance(value, str) and value.startswith('0o') else json.dumps(value)}" for name, value in keys.items()]
    return "[[mount]]\n" + "\n".join(lines) + "\n"


# bind: read-only unless said otherwise, programs unless said otherwise.
done = with_profile(mount("bind", "/mnt/a", source=f"{HOME}/shared") + mount("bind", "/mnt/b", source=f"{HOME}/shared", options=["rw", "noexec"])
                    + mount("bind", "/mnt/c", source=f"{HOME}/nowhere", options=["optional"]) + mount("bind", "/mnt/file", source=f"{HOME}/shared/file"),
                    "/bin/sh", "-c", "/mnt/a/file; touch /mnt/a/x 2>/dev/null || echo read-only; touch /mnt/b/x && echo written; /mnt/b/file 2>/dev/null || echo not run; "
                    "test -e /mnt/c || echo not there; /mnt/file")
says(done, "it is run\nread-only\nwritten\nnot run\nnot there\nit is run\n", "bind")
check(os.path.exists(f"{HOME}/shared/x"), "what was written is not there")
one_error(with_profile(mount("bind", "/mnt/c", source=f"{HOME}/nowhere"), "/bin/true"), 125, "case.toml:2:", "nowhere", "optional")

# tmpfs: size, mode.
document, _ = document_of(mount("tmpfs", "/mnt/small", size="1M", mode="0o750") + mount("tmpfs", "/mnt/ro", options=["ro", "exec"]))
mounts = mounts_of(document)
options, kind, extra, _ = mounts["/mnt/small"]
check(kind == "tmpfs" and {"rw", "nosuid", "nodev", "noexec"} <= set(options) and "size=1024k" in extra and "mode=750" in extra, f"tmpfs: {mounts['/mnt/small']}")
check("ro" in mounts["/mnt/ro"][0] and "noexec" not in mounts["/mnt/ro"][0], f"tmpfs, ro: {mounts['/mnt/ro']}")
done = with_profile(mount("tmpfs", "/mnt/small", size="1M"), "/bin/sh", "-c", "head -c 2000000 /dev/zero >/mnt/small/x 2>/dev/null || stat -c %s /mnt/small/x")
check(done.returncode == 0 and int(done.stdout) <= 1 << 20, f"the size of a tmpfs: {done.stdout!r} {done.stderr!r}")

# proc, devpts, mqueue, sysfs: new instances, with an own pid, ipc and network namespace.
document, _ = document_of(mount("devpts", "/mnt/pts") + mount("mqueue", "/mnt/mqueue") + mount("sysfs", "/mnt/sys"))
mounts = mounts_of(document)
for target, kind in (("/mnt/pts", "devpts"), ("/mnt/mqueue", "mqueue"), ("/mnt/sys", "sysfs"), ("/dev/pts", "devpts"), ("/dev/mqueue", "mqueue")):
    check(mounts[target][1] == kind and {"nosuid", "noexec"} <= set(mounts[target][0]), f"{target}: {mounts[target]}")
check("ro" in mounts["/mnt/sys"][0], "sysfs is not read-only")
options, kind, _, _ = mounts["/dev/shm"]
check(kind == "tmpfs" and {"rw", "nosuid", "nodev", "noexec"} <= set(options), f"/dev/shm: {mounts['/dev/shm']}")
done = with_profile("", "/bin/sh", "-c", "stat -c %a /dev/shm; cp /bin/true /dev/shm/ && chmod 755 /dev/shm/true && /dev/shm/true 2>/dev/null || echo not run; "
                    "python3 -c 'import multiprocessing.shared_memory as m; s = m.SharedMemory(create=True, size=4096); s.buf[0] = 7; t = m.SharedMemory(s.name); print(t.buf[0]); t.close(); s.close(); s.unlink()'")
says(done, "1777\nnot run\n7\n", "/dev/shm", stderr=None)
check("rw" in mounts["/proc"][0], f"/proc is read-only without a wish: {mounts['/proc']}")
document, _ = document_of(mount("proc", "/proc", options=["ro"]))
check(mounts_of(document)["/proc"][1] == "proc" and "ro" in mounts_of(document)["/proc"][0], f"/proc, ro: {mounts_of(document)['/proc']}")
# A second one would be a procfs without the masks.
one_error(with_profile(mount("proc", "/mnt/proc"), "/bin/true"), 125, "case.toml:2:", "/proc")
done = with_profile(mount("sysfs", "/mnt/sys"), "/bin/ls", "/mnt/sys/class/net")
says(done, "lo\n", "interfaces of a new sysfs")
one_error(with_profile('[network]\nmode = "host"\n' + mount("sysfs", "/mnt/sys"), "/bin/true"), 125, "case.toml:4:", "sysfs", "network")
one_error(with_profile('[namespaces]\nipc = "host"\n' + mount("mqueue", "/mnt/q"), "/bin/true"), 125, "case.toml:4:", "mqueue", "ipc")

# overlay: reading from below, writing above; the lower folder never changes.
before = snapshot(f"{HOME}/lower")
done = with_profile(mount("overlay", "/mnt/o", source=f"{HOME}/lower", options=[f"upperdir={HOME}/upper", f"workdir={HOME}/work"]),
                    "/bin/sh", "-c", "cat /mnt/o/below; echo changed >/mnt/o/below; cat /mnt/o/below; echo new >/mnt/o/new")
says(done, "from below\nchanged\n", "overlay")
equal(snapshot(f"{HOME}/lower"), before, "the lower folder")
equal(sorted(os.listdir(f"{HOME}/upper")), ["below", "new"], "the upper folder")
done = with_profile(mount("overlay", "/mnt/o", source=f"{HOME}/lower"), "/bin/sh", "-c", "echo changed >/mnt/o/below && cat /mnt/o/below; echo x >/mnt/o/x && ls /mnt/o")
says(done, "changed\nbelow\nx\n", "overlay in memory")
equal(snapshot(f"{HOME}/lower"), before, "the lower folder")
one_error(with_profile(mount("overlay", "/mnt/o"), "/bin/true"), 125, "case.toml:2:", "overlay", "source")
one_error(with_profile(mount("overlay", "/mnt/o", source=f"{HOME}/lower", options=[f"upperdir={HOME}/upper"]), "/bin/true"), 125, "workdir")

# symlink, data.
done = with_profile(mount("symlink", "/opt/link", source="../etc/hostname") + mount("data", "/opt/data", source="some: text\n") + mount("data", "/opt/tool", source="#!/bin/sh\necho tool\n", mode="0o555"),
                    "/bin/sh", "-c", "readlink /opt/link; cat /opt/data; stat -c %a /opt/data /opt/tool; /opt/tool; echo x 2>/dev/null >/opt/data || echo read-only")
says(done, "../etc/hostname\nsome: text\n444\n555\ntool\nread-only\n", "symlink and data")

# What is not a mount.
for keys, needle in ((mount("binf", "/mnt/x"), "bind"), (mount("tmpfs", "relative"), "relative"), (mount("tmpfs", "/mnt/x", size="much"), "much"),
                     (mount("tmpfs", "/mnt/x", size="0"), "size"), (mount("tmpfs", "/mnt/x", mode="0o7777"), "mode"), (mount("tmpfs", "/mnt/x", options=["suid"]), "suid"),
                     (mount("tmpfs", "/"), "/"), (mount("tmpfs", "/proc/sys"), "/proc"), (mount("bind", "/mnt/x", source="/dev/sda"), "dev"),
                     (mount("bind", "/mnt/x", source="/dev/tty0"), "[devices]")):
    one_error(with_profile(keys, "/bin/true"), 125, needle)
