"""/proc is new and shows the sandbox's own processes; the old root is gone from the mount table; when the app ends, its mount namespace does."""
from runtime.helpers import *

document, _ = document_of("")
options, kind, _, propagation = mounts_of(document)["/proc"]
check(kind == "proc" and {"nosuid", "nodev", "noexec"} <= set(options), f"/proc: {options}")
equal(sorted(document["processes"]), ["1", "2"], "processes inside")
equal((document["pid"], document["ppid"]), (2, 1), "the app's numbers")
options, kind, _, propagation = mounts_of(document)["/"]
equal((kind, "ro" in options, propagation), ("tmpfs", True, []), "the root")
with open("/proc/self/mountinfo") as file:
    host = {(line.split()[2], line.split()[3]) for line in file if line.split()[4] == "/"}
inside = {(line.split()[2], line.split()[3]) for line in document["mounts"]}
equal(inside & host, set(), "the host's root in the mount table")
escape = "cd /; cd ../../../..; pwd; ls -d /proc/1/root/. 2>/dev/null; cat /proc/1/environ 2>/dev/null; ls /proc/1/fd 2>/dev/null; exit 0"
says(with_profile("", "/bin/sh", "-c", escape), "/\n", "ways out of the root")
process = subprocess.Popen([*MINIMAL, "--", "/bin/sleep", "600"])
app = started(process, "sleep")
space = os.readlink(f"/proc/{app}/ns/mnt")
check(space != os.readlink("/proc/self/ns/mnt"), "the mount namespace is the host's")
process.terminate()
equal(process.wait(10), 128 + 15, "status")


def holders():
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{number}/ns/mnt") == space:
                found.append(number)
        except OSError:
            pass
    return found


wait_until("nobody is in the mount namespace", lambda: not holders())
no_survivors()
