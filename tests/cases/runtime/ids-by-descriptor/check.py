"""newuidmap and newgidmap get the child's folder by descriptor, and its number only where they do not take that; a tool that hangs is ended and told."""
from runtime.helpers import *
import pwd

check(os.getuid() == 0, "this case wants root")
uid, gid = int(os.environ["TEST_UID"]), int(os.environ["TEST_GID"])
subprocess.run(["chown", "-R", str(uid), HOME], check=True)
name = pwd.getpwuid(uid).pw_name


def range_of(path):
    with open(path) as file:
        return next(int(line.split(":")[1]) for line in file if line.startswith(f"{name}:"))


uids, gids = range_of("/etc/subuid"), range_of("/etc/subgid")
with open(f"{HOME}/case.toml", "w") as file:
    file.write(f"schema = 1\n[ids]\nuid-map = [{{ inside = 0, outside = {uids}, count = 9 }}, {{ inside = {uid}, outside = {uid} }}]\n"
               f"gid-map = [{{ inside = 0, outside = {gids}, count = 9 }}, {{ inside = {gid}, outside = {gid} }}]\n")
LOG = f"{HOME}/asked"


def with_tools(script):
    """A start with both tools replaced: the script gets their words and `real`, the tool as it was. What came of it, and the words."""
    with open(LOG, "w"):
        pass
    os.chmod(LOG, 0o666)
    prepare = "mount -t tmpfs -o mode=0755 none /mnt"
    for tool in ("newuidmap", "newgidmap"):
        with open(f"{HOME}/{tool}", "w") as file:
            file.write(f"#!/bin/sh\nreal=/mnt/{tool}\necho {tool} \"$@\" $(env | grep -v '^PWD=\\|^_=\\|^SHLVL=\\|^OLDPWD=') >>{LOG}\n{script}\n")
        os.chmod(f"{HOME}/{tool}", 0o755)
        prepare += f"; touch /mnt/{tool}; mount --bind /usr/bin/{tool} /mnt/{tool}; mount --bind {HOME}/{tool} /usr/bin/{tool}"
    start = shelled(*as_test_user(SANDBOX, "run", "--profile", f"{HOME}/case.toml", "--", "/bin/cat", "/proc/self/uid_map", "/proc/self/gid_map"))
    done = run("unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", f"{prepare}; exec {start}", timeout=50)
    with open(LOG) as file:
        return done, [line.split() for line in file]


words = {"newuidmap": ["0", str(uids), "9", str(uid), str(uid), "1"], "newgidmap": ["0", str(gids), "9", str(gid), str(gid), "1"]}
maps = [["0", str(uids), "9"], [str(uid), str(uid), "1"], ["0", str(gids), "9"], [str(gid), str(gid), "1"]]
# One that takes it, as shadow 4.14 does: the descriptor is of the folder in /proc of the process to be mapped.
by_descriptor = 'case $1 in fd:3) folder=$(readlink /proc/self/fd/3); shift; exec "$real" "${folder#/proc/}" "$@";; esac; exit 9'
done, asked = with_tools(by_descriptor)
equal([line.split() for line in succeeds(done, "by descriptor").splitlines()], maps, "the maps")
equal(asked, [[tool, "fd:3", *words[tool]] for tool in ("newgidmap", "newuidmap")], "once each, with nothing in the environment")
# One that does not: it is asked again by number.
done, asked = with_tools('case $1 in fd:*) exit 1;; esac; exec "$real" "$@"')
equal([line.split() for line in succeeds(done, "by number").splitlines()], maps, "the maps")
equal([line[:2] == [line[0], "fd:3"] for line in asked], [True, False, True, False], f"the descriptor first: {asked}")
check(all(line[1].isdigit() and line[2:] == words[line[0]] for line in asked[1::2]), f"then the number: {asked}")
done, asked = with_tools("exit 1")
one_error(done, 125, "newgidmap refused the id map", "/etc/subuid")
done, asked = with_tools("exec sleep 60")
one_error(done, 125, "newgidmap did not end within ten seconds")
equal(len(asked), 1, f"one that hangs is not asked again: {asked}")
