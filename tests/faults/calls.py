"""Each system call of a start fails once: either the start ends with one line and nothing is left, or what runs is confined as ever."""
import errno
import os

from start import INSIDE, PROBE, RUN, SECRET, stops_of, view

COMMAND = ["--", "/bin/sh", "-c", INSIDE]


def words_of(kind):
    """A guest sees what its host was given; one that joins shows it a file."""
    if kind.beside == "joined":
        return ["--bind", PROBE, "--", "/bin/sh", "-c", INSIDE.replace("exit 7", 'cat "$1"; exit 7'), "sh", "named/a.txt"]
    return [*([] if kind.beside == "host" else ["--bind", PROBE]), *COMMAND]

# What the manual pages name; the first is tried at least. A call that no row names gets those of the last.
ERRORS = [
    (("openat", "openat2", "open_tree", "dup2", "fcntl", "memfd_create", "socket", "socketpair", "pidfd_open", "signalfd4", "epoll_create1",
      "fsopen", "fsmount", "landlock_create_ruleset", "clone3", "clone", "accept4"), ("EMFILE", "ENOMEM", "EACCES", "ENOSYS")),
    (("read", "write", "recvmsg", "sendmsg", "recvfrom"), ("EIO", "EINTR", "ENOSPC", "ENOMEM")),
    (("poll", "epoll_wait"), ("EINTR", "ENOMEM")),
    (("wait4", "flock"), ("EINTR",)),
    (("mkdirat", "mknodat", "symlinkat", "renameat", "renameat2", "unlinkat", "fchmod"), ("ENOSPC", "EACCES", "EROFS", "ENOMEM")),
    (("faccessat2",), ("EIO", "EACCES", "ENOENT", "ENOMEM")),
    (("newfstatat", "readlink", "access", "fstatfs", "getcwd", "chdir"), ("EACCES", "ENOENT", "ENOMEM", "EIO")),
    (("brk", "mmap", "mprotect"), ("ENOMEM",)),
    ((), ("EPERM", "EINVAL", "ENOSYS", "ENOMEM")),
]
# The kernel knows no error of these when they are called as they are here.
NEVER = {
    "arch_prctl", "set_tid_address", "set_robust_list", "rseq", "getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid", "umask",
    "exit_group", "exit", "rt_sigreturn", "munmap", "getrandom",
    "brk",    # returns the old end instead (brk(2))
    "close",  # Linux lets go of the number whatever it returns (close(2)), which a call that was not made does not
}
# Before main: the C library says it in its own words.
LIBRARY = {"sandbox/mprotect#1"}
# Where one of these fails, nothing may run: no program that came out right all the same would do.
RESTRICTIONS = {
    "outer": {"clone3", "clone"},
    "init": {"mount", "mount_setattr", "move_mount", "open_tree", "fsmount", "fsconfig", "fsopen", "pivot_root", "umount2", "fchdir",
                         "setns", "capset", "sethostname", "close_range", "clone"},
    "cloner": {"unshare", "mount_setattr", "open_tree", "sendmsg"},
    "sidecar": {"unshare", "mount", "mount_setattr", "move_mount", "open_tree", "fsmount", "fsconfig", "fsopen", "pivot_root", "umount2", "capset", "seccomp", "close_range"},
    "app": {"setsid", "unshare", "capset", "landlock_create_ruleset", "landlock_restrict_self", "seccomp", "close_range", "chdir",
                           "getcwd", "prlimit64", "setresuid", "setresgid", "setgroups"},
}


def errors_of(call):
    return next(errors for names, errors in ERRORS if call in names or not names)


def plan(user, every, kind=RUN):
    """The injections: (stop, error, kept). Without `every` one error a stop, in turn, and of the same call in a row not all.
    The launcher of a plain start comes twice: it makes a plan, and it takes the one that is kept; what follows is another kind."""
    found, stops = [], 0
    for kept in ("", "kept") if kind is RUN else ("kept",) if kind.kept else ("",):
        if kept:
            user.keep_plan(words_of(kind), kind)
        seen = user.start(words_of(kind), (), bool(kept), kind)
        if seen.status != 7 or seen.err:
            raise RuntimeError(f"the start to be broken does not work: {kind.name}: {seen.status} {seen.err}")
        row, running = {}, False
        for stop in stops_of(seen.trace, kind):
            call, process = stop["call"], stop["process"]
            running = running or (call == "execve" and kind.processes[process] == "app")
            if kept and kind is RUN and process != "sandbox":
                continue
            stops += 1
            if call in NEVER or stop["stop"] in LIBRARY or stop.get("result") is None:
                continue
            # Once the application runs, what the relay of its terminal cannot read or write is output that is lost.
            if running and kind.processes[process] == "outer" and call in ("read", "write", "poll", "ioctl") and "--tty" in kind.words:
                continue
            errors = errors_of(call)
            number = row[process, call] = row.get((process, call), -1) + 1
            if every:
                found += [(stop["stop"], error, kept) for error in errors]
            elif number < 12 or number % 8 == 0:
                found.append((stop["stop"], errors[number % len(errors)], kept))
    return found if every else found[::kind.stride], view(seen.out, kind), stops


def less_of_etc(now, usual):
    """Whether nothing is different but that some files of the host's /etc are not shown, which no promise stands on."""
    missing = [mount for mount in usual["mounts"] if mount not in now["mounts"]]
    rest = [mount for mount in usual["mounts"] if mount in now["mounts"]]
    same = all(now[key] == usual[key] for key in usual if key not in ("mounts", "etc"))
    return same and set(now["etc"]) <= set(usual["etc"]) and all(mount.startswith("/etc/") for mount in missing[1:]) and \
        [mount for mount in now["mounts"] if mount in rest or mount.startswith("/ / ")] == now["mounts"]


def without_bus(now, usual):
    """Whether nothing is different but that the application has no bus, which it is told by the address."""
    more = lambda name: [one for one in now[name] if one not in usual[name]]
    same = all(now[key] == usual[key] for key in usual if key not in ("mounts", "env"))
    return same and more("env") == ["DBUS_SESSION_BUS_ADDRESS=disabled:"] and len(now["env"]) == len(usual["env"]) and not more("mounts")


def of_the_relay(outcome, stop, kind):
    """Whether the call came when the application's program ran already: which of several events is told first is nobody's to say, so
    that a number may be met later than when the start was looked at."""
    process, call = stop.split("#")[0].split("/")
    if "--tty" not in kind.words or kind.processes[process] != "outer" or call not in ("read", "write", "poll", "ioctl"):
        return False
    for seen in outcome.trace["stops"]:
        if seen["stop"] == stop:
            return False
        if seen["call"] == "execve" and kind.processes.get(seen["process"]) == "app":
            return True
    return False


def is_told(value, usual):
    """Not so what cannot be read of /proc: nothing, the number of the error instead of a text, or a row of nothing."""
    if isinstance(value, (list, dict)):
        return any(value.values() if isinstance(value, dict) else value)
    return value is not None and (not isinstance(value, int) or isinstance(usual, int))


def without_a_place(outcome, usual, kind):
    """Whether nothing is different but that the application may not use a place: what cannot be opened gets no rule of Landlock. It may be
    the place where it leaves its mark, or one where it reads its own figures: all that it could tell is as usual."""
    now = view(outcome.out, kind) if outcome.out.startswith("{") else {}
    told = [key for key, value in now.items() if key != "rest" and is_told(value, usual[key])]
    refused = outcome.err.splitlines() + [line for line in now.get("rest", []) if line not in usual["rest"]]
    return outcome.status == 7 and all(now[key] == usual[key] for key in told) and all("Permission denied" in line for line in refused) and \
        (refused or any(is_told(value, value) and key not in told for key, value in usual.items() if key != "rest"))


def judge(user, usual, stop, error, kept, kind=RUN):
    """(what is wrong: texts, how it went)."""
    for _ in range(3):  # how often one of ours wakes up is not the same each time
        if kept:
            user.keep_plan(words_of(kind), kind)
        outcome = user.start(words_of(kind), ("--fail", stop, error), bool(kept), kind)
        ran, problems = user.ran(), []
        if outcome.trace["actions"][0]["done"] or outcome.status != 7 or not ran:
            break
    process, call = stop.split("#")[0].split("/")
    if outcome.trace["survivors"]:
        problems.append(f"not ended: {outcome.trace['survivors']}")
    said = outcome.errors
    if not outcome.trace["actions"][0]["done"]:
        # How often process 1 wakes up once the application runs is nobody's to say.
        how = "not met"
        if outcome.status != 7 or not ran or kind.processes[process] not in ("outer", "init"):
            problems.append("the stop was not met")
    elif ran and of_the_relay(outcome, stop, kind):
        how = "not met"  # but output was lost, as of a terminal that is gone
        if outcome.status not in (7, 129) or said:
            problems.append("it did not run although nothing but output was lost")
    elif (kind.processes[process], call, error) == ("app", "openat2", "EACCES") and without_a_place(outcome, usual, kind):
        how = "ran without a place"
    elif ran and outcome.status == 7:
        how = "ran as usual"
        if call in RESTRICTIONS.get(kind.processes[process], ()):
            problems.append("the application ran without this")
        now = view(outcome.out, kind)
        if now != usual and less_of_etc(now, usual):
            how = "ran with less of /etc"
        elif now != usual and kind.beside == "bus" and without_bus(now, usual):
            how = "ran without the bus"
        elif now != usual:
            problems.append(f"it ran otherwise than usual: {[(key, now[key], usual[key]) for key in usual if now[key] != usual[key]]}")
        if said:
            problems.append(f"an error although it ran: {said}")
    elif outcome.status == 129 and "--tty" in kind.words and (kind.processes[process], call) == ("outer", "read") and not said:
        how = "took its caller's terminal for gone"  # what cannot be read is at its end: the application ends as by SIGHUP
    else:
        how = "refused"
        if outcome.status not in (125, 126, 127):
            problems.append(f"status {outcome.status}")
        if len(said) != 1 or not said[0].startswith("sandbox: "):
            problems.append(f"not one line: {outcome.err!r}")
        elif os.strerror(getattr(errno, error)) not in said[0]:
            how = "refused in other words"
    # A program that may be writable for all that is known is not gone on with: from here on it is a sealed copy of the other. Who builds
    # ahead by a kept plan asks once before, where the answer only means that nothing is; the last one counts.
    asked = [seen["stop"] for seen in outcome.trace["stops"] if seen["process"] == "sandbox" and seen["call"] == "faccessat2"]
    if asked[-1:] == [stop] and error not in ("EACCES", "EROFS") and outcome.trace["actions"][0]["done"] and \
            not any(seen["process"] == "sandbox" and seen["call"] == "execveat" for seen in outcome.trace["stops"]):
        problems.append("it went on by a program that somebody may write")
    if SECRET in outcome.out:
        problems.append("the canary was read")
    # A helper that cannot read its plan has not met its record yet, and what fails may be the way to take it away.
    problems += user.left(after_next_verb=kind.processes[process] == "outer")
    return [f"{problem} (status {outcome.status}, stderr {outcome.err!r})" for problem in problems], how
