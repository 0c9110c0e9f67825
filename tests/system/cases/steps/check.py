"""A start goes in one order and is undone in the other: record, group, birth in the group, maps, word, record again, app."""
from manager import *

TRACED = "clone3,clone,fork,vfork,mkdirat,openat,openat2,renameat,renameat2,write,mount,execve,execveat,unlinkat,pidfd_send_signal,kill"

ORDER = r"^write\(\d+, .*, 1(\)| <)"  # an order of the outer half is of one byte


def trace(*words):
    """The calls of all processes in the order in which they were made: (pid, line)."""
    path = os.path.join(HOME, "trace")
    done = run("strace", "-f", "-qq", "-s", "64", "-e", f"trace={TRACED}", "-e", "signal=none", "-o", path, SANDBOX, "run", "--profile", "minimal", *words, timeout=100)
    with open(path) as file:
        lines = [line.split(None, 1) for line in file]
    os.unlink(path)
    # A call that another process interrupts is told where it began.
    return done, [(int(pid), text) for pid, text in lines if "resumed>" not in text]


def first(calls, what, pattern, pid=None, after=-1):
    for index, (who, text) in enumerate(calls):
        if index > after and (pid is None or who == pid) and re.search(pattern, text):
            return index
    fail(f"no {what} after {after}")


done, calls = trace("--id", "steps", "--", "/bin/true")
equal((done.returncode, done.stderr), (0, ""), "a traced start")
outer = calls[0][0]
recorded = first(calls, "record", r'^renameat2\(.*"\.steps\.\d+".*"steps"', outer)
leaf = first(calls, "leaf", r'^mkdirat\(\d+, "app"', outer, recorded)
became = [index for index, (pid, text) in enumerate(calls) if pid == outer and text.startswith("execveat(")] # none where it goes on by itself
check(all(recorded < index < leaf for index in became), f"the helper's program: {became}")
born = first(calls, "birth in the leaf", r"^clone3\(.*CLONE_INTO_CGROUP", outer, leaf)
mapped = first(calls, "map", r'^openat2?\(.*"uid_map"', outer, born)
told = first(calls, "word that the maps stand", ORDER, outer, mapped)
inner = next(pid for pid, text in calls[born + 1:] if pid != outer and "mount(" in text)
mounting = first(calls, "mount", r"^mount\(", inner)
check(mounting > told, f"the sandbox is built ({mounting}) before it was told that its maps stand ({told})")
running = first(calls, "record of the running app", r'^renameat\(.*"\.state".*"state"', outer, told)
go = first(calls, "order to run", ORDER, outer, running)
app = first(calls, "app", r'^execve\("/(usr/)?bin/true"')
check(recorded < leaf < born < mapped < told < running < go < app, f"the order: {(recorded, leaf, born, mapped, told, running, go, app)}")
# Whoever forks has one thread: what runs before the exec finds no lock that another thread held.
session = {pid for pid, text in calls if "sandbox-session" in text}
threads = [text for pid, text in calls if pid not in session and "CLONE_THREAD" in text and "CLONE_INTO_CGROUP" not in text]
makers = {pid for pid, text in calls if "CLONE_THREAD" in text} - session
check(not makers & {outer, inner}, f"threads: {threads}")
# A start that fails late: the sandbox ends, then its group goes, then its record.
done, calls = trace("--id", "undone", "--cwd", "/no/such", "--", "/bin/true")
one_error(done, 125, "/no/such")
outer = calls[0][0]
born = first(calls, "birth", r"^clone3\(.*CLONE_INTO_CGROUP", outer)
ended = first(calls, "end of the sandbox", r"^pidfd_send_signal\(\d+, SIGKILL", outer, born)
emptied = first(calls, "end of the group", r'^openat\(\d+, "cgroup\.kill"', outer, ended)
gone = first(calls, "end of the record", r'^unlinkat\(\d+, "undone", AT_REMOVEDIR', outer, emptied)
check(born < ended < emptied < gone, "the order of undoing")
nothing_left()
