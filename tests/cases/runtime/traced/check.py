"""What a start asks of the kernel: no program but the app's, or a sealed plan and helper where the user may write ours; one child made with a descriptor and all its namespaces, typed messages, one loop, no threads, and the helper has no environment."""
from runtime.helpers import *

log = f"{HOME}/trace"


def calls_of(program):
    done = run("/usr/bin/strace", "-f", "-o", log, program, "run", "--profile", "minimal", "--", "/bin/true")
    check(done.returncode == 0, f"under strace: {done}")
    with open(log, errors="replace") as file:
        return file.read().splitlines()


def made(pattern, what):
    found = [line for line in lines if re.search(pattern, line)]
    check(found, f"no {what}")
    return found


# A program of the user's own could be written by what runs inside: then copies that nobody can write.
shutil.copytree(os.path.dirname(os.path.dirname(SANDBOX)), f"{HOME}/own")
lines = calls_of(f"{HOME}/own/bin/sandbox")
made(r'memfd_create\("sandbox-helper", .*MFD_ALLOW_SEALING', "memory file for the helper")
made(r'memfd_create\("sandbox-plan", .*MFD_ALLOW_SEALING', "memory file for the plan")
made(r"fcntl\(\d+, F_ADD_SEALS, F_SEAL_SEAL\|F_SEAL_SHRINK\|F_SEAL_GROW\|F_SEAL_WRITE", "seals")
# What kind of start it is comes in the message: the helper has no environment that could say it, nor one of the caller's.
helpers = made(r'execveat\(\d+, "", \["sandbox-helper"', "exec of the helper")
check(all("/* 0 vars */" in line for line in helpers), f"the helper's environment: {helpers}")
# One that only root can write goes on as the helper by itself.
lines = calls_of(SANDBOX)
equal([line for line in lines if "memfd_create" in line], [], "memory files")
equal(len(made(r"execve(at)?\(", "exec")), 2, "programs: ours and the app's")
clone = made(r"clone3\(\{flags=.*CLONE_NEWUSER", "clone with a user namespace")
equal(len(clone), 1, "clones with namespaces")
for flag in ("CLONE_PIDFD", "CLONE_NEWNS", "CLONE_NEWPID", "CLONE_NEWIPC", "CLONE_NEWUTS"):
    check(flag in clone[0], f"{flag} is not in {clone[0]}")
for line in made(r"socketpair\(", "socket pair"):
    check("SOCK_SEQPACKET|SOCK_CLOEXEC" in line, f"another kind of socket pair: {line}")
made(r"epoll_create1\(EPOLL_CLOEXEC\)", "loop")
equal([line for line in lines if re.search(r"pipe2?\(\[", line) and "O_CLOEXEC" not in line], [], "pipes that stay open over an exec")
equal([line for line in lines if "CLONE_THREAD" in line], [], "threads")
# The app's exec is the only one after the pivot, and what was opened by then is closed by it.
pivot = next(number for number, line in enumerate(lines) if "pivot_root(" in line)
execs = [line for line in lines[pivot:] if re.search(r"execve(at)?\(", line) and "resumed" not in line]
check(len(execs) == 1 and "/bin/true" in execs[0], f"programs run after the pivot: {execs}")
made(r"close_range\(3, 4294967295, CLOSE_RANGE_CLOEXEC", "closing of descriptors by the exec")
# No process is addressed by a number that could be another's; -1 is whatever is left inside, said by process 1 of its own namespace.
for line in lines:
    if match := re.search(r"\bkill\((?!-1, SIGKILL)(-?\d+),", line):
        fail(f"a signal by number: {line}")
