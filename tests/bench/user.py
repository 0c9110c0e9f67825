"""The unprivileged user for whom it is measured, and what root prepares for one case and nobody else."""
import ctypes
import fcntl
import os
import pwd
import signal
import socket
import struct
import sys

from measure import Failed

NEWNS, NEWUTS, NEWNET = 0x00020000, 0x04000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 1 << 12, 1 << 14, 1 << 18
libc = ctypes.CDLL(None, use_errno=True)


def must(result, what):
    if result != 0:
        raise Failed(f"{what}: {os.strerror(ctypes.get_errno())}")


def mount(source, target, kind=None, flags=0, data=None):
    must(libc.mount(source.encode(), target.encode(), kind and kind.encode(), flags, data and data.encode()), f"cannot mount {kind or source} on {target}")


def own_mounts():
    """A mount namespace of our own: what is mounted for a case is seen by nobody else."""
    must(libc.unshare(NEWNS), "no mount namespace")
    mount("none", "/", flags=MS_REC | MS_PRIVATE)


def own_network():
    """Loopback alone, a host name that is known, and no name server: nothing waits for an answer that never comes."""
    must(libc.unshare(NEWNET | NEWUTS), "no network namespace")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sH14x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
    socket.sethostname("localhost")
    mount("/dev/null", os.path.realpath("/etc/resolv.conf"), flags=MS_BIND)


def without_hybrid_groups():
    """crun and runc do not run where control groups of both versions are mounted; without the second one they do."""
    if os.path.ismount("/sys/fs/cgroup/unified"):
        mount("tmpfs", "/sys/fs/cgroup/unified", "tmpfs")


def below(process):
    """The process and all that descend from it."""
    found = [process]
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                if int(file.read().rsplit(")", 1)[1].split()[1]) in found:
                    found.append(int(name))
        except OSError:
            pass
    return found


def become(name, prepare):
    """The user, with a runtime folder in memory as a login has it; nothing of it is left afterwards."""
    user = pwd.getpwnam(name) if name else pwd.getpwuid(os.getuid())
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if name:
        runtime = f"/run/user/{user.pw_uid}"
        os.setsid()
        own_mounts()
        without_hybrid_groups()
        for step in prepare:
            step()
        os.makedirs("/run/user", exist_ok=True)
        mount("tmpfs", "/run/user", "tmpfs", data="mode=0755")
        os.mkdir(runtime, 0o700)
        os.chown(runtime, user.pw_uid, user.pw_gid)
        os.initgroups(name, user.pw_gid)
        os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
        os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    if not os.access(runtime, os.W_OK) or os.stat(runtime).st_uid != user.pw_uid:
        raise Failed(f"XDG_RUNTIME_DIR ({runtime or 'not set'}) is no folder of {user.pw_name}'s own; start this as root with --user, which makes one")
    try:
        os.chdir(user.pw_dir)
    except OSError as error:
        raise Failed(f"{user.pw_name} has no home to measure in: {error}")
    os.environ.clear()
    os.environ.update(XDG_RUNTIME_DIR=runtime, HOME=user.pw_dir, USER=user.pw_name, LOGNAME=user.pw_name, LANG="C.UTF-8", PATH="/usr/local/bin:/usr/bin:/bin")


def as_user(name, work, prepare=()):
    """Runs `work` in a child that is the user (empty: as we are): its success. What it leaves running is ended. `prepare`: what
    root does first, in the child's own mount namespace."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    status = 1
    try:
        become(name, prepare)
        work()
        status = 0
    except Failed as why:
        print(f"bench: {why}")
    except (Exception, SystemExit) as error:  # a case that cannot run is told, and counts as failed
        print(f"bench: {type(error).__name__}: {error}")
    finally:
        sys.stdout.flush()
        for process in below(os.getpid())[1:]:
            try:
                os.kill(process, signal.SIGKILL)
            except OSError:
                pass  # it has ended, or is not ours to end
        os._exit(status)
