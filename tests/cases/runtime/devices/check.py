"""[devices]: host nodes by path and glob, the host's own mode; what is no node of /dev is refused; the standard ones work."""
from runtime.helpers import *

done = with_profile("", "/bin/sh", "-c", "cd /dev; stat -c '%n %F %t,%T' full null random tty urandom zero; head -c 3 zero | od -An -tx1; head -c 9 urandom | wc -c; "
                    "echo x 2>/dev/null >full || echo full; echo x >null && echo swallowed; touch new 2>/dev/null || echo sealed; mknod n c 1 3 2>/dev/null || echo no nodes")
says(done, "".join(f"{n} character special file {d}\n" for n, d in (("full", "1,7"), ("null", "1,3"), ("random", "1,8"), ("tty", "5,0"), ("urandom", "1,9"), ("zero", "1,5")))
     + " 00 00 00\n9\nfull\nswallowed\nsealed\nno nodes\n", "the standard set")

links = "".join(f"{target}\n" for target in ("/proc/self/fd", "/proc/self/fd/0", "/proc/self/fd/1", "/proc/self/fd/2"))
says(with_profile("", "/bin/readlink", "/dev/fd", "/dev/stdin", "/dev/stdout", "/dev/stderr"), links, "the links to the streams")
says(with_profile("", "/bin/sh", "-c", "echo out >/dev/stdout; cat /dev/stdin; cat <&3", "sh", options=["--preserve-fds", "1"], pass_fds=[os.dup2(os.open("/etc/hostname", os.O_RDONLY), 3)]),
     "out\n" + open("/etc/hostname").read(), "through them")


def listed(nodes):
    document, stderr = document_of(f"[devices]\nnodes = {json.dumps(nodes)}\n")
    equal(stderr, "", "stderr")
    return document


plain = set(listed([])["dev"])
found = set(listed(["/dev/tty[12]", "/dev/no-such-node", "/dev/no-such-*"])["dev"])
equal(found - plain, {"tty1", "tty2"} & set(os.listdir("/dev")), "what a glob adds")
check("tty1" in found, "this host has no /dev/tty1 to be shown")
mounts = mounts_of(listed(["/dev/tty1"]))
options, kind, _, _ = mounts["/dev/tty1"]
check(kind == "devtmpfs" and "nosuid" in options and "noexec" in options, f"the node's mount: {mounts['/dev/tty1']}")
status = os.stat("/dev/tty1")
done = with_profile('[devices]\nnodes = ["/dev/tty1"]\n', "/bin/stat", "-c", "%a %t,%T", "/dev/tty1")
says(done, f"{stat.S_IMODE(status.st_mode):o} {os.major(status.st_rdev):x},{os.minor(status.st_rdev):x}\n", "the node's mode and numbers")
for node, needle in (("/etc/passwd", "/dev"), ("/dev/../etc/passwd", "/dev"), ("/dev", "/dev"), ("/dev/pts/0", "own"), ("/dev/shm/x", "own"), ("tty1", "tty1")):
    done = with_profile(f'[devices]\nnodes = ["{node}"]\n', "/bin/true")
    if node in ("/dev/pts/0", "/dev/shm/x") and not os.path.exists(node):
        continue
    one_error(done, 125, "case.toml:3:", needle)
# A plain file and a link out of /dev are no devices.
with open("/dev/shm/sandbox-case-file", "w") as file:
    file.write("x")
try:
    one_error(with_profile('[devices]\nnodes = ["/dev/shm/sandbox-case-*"]\n', "/bin/true"), 125, "own")
finally:
    os.unlink("/dev/shm/sandbox-case-file")
