"""What the cases under a user manager share."""
from life.helpers import *

GROUPS = "/sys/fs/cgroup"


def show(unit, *properties):
    done = run("systemctl", "--user", "show", unit, "--property", ",".join(properties))
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def units():
    return [line.split()[0] for line in run("systemctl", "--user", "list-units", "--all", "--plain", "--no-legend", "app-sandbox-*").stdout.splitlines()]


def nothing_left():
    """No process of ours, no unit, no control group, no record once a verb has run."""
    verb("ps")
    wait_until("no unit", lambda: not units())
    wait_until("no control group", lambda: not [parent for parent, _, _ in os.walk(GROUPS) if "app-sandbox-" in parent])
    equal(os.listdir(RECORDS), [], "records")
    # Who was killed is let go of by the kernel in its own time.
    ours = lambda: {pid: name for pid in filter(str.isdigit, os.listdir("/proc")) if (name := command_of(pid)).startswith("sandbox")}
    wait_until("no process", lambda: not ours())


def command_of(pid):
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read()
    except OSError:
        return ""


def words_of(pid):
    """Its command; nothing: it has ended meanwhile."""
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return file.read().split("\0")[:-1]
    except OSError:
        return []


def has_ended(pid):
    try:
        return " Z " in read("/proc", str(pid), "stat")
    except OSError:
        return True


def group_of(pid):
    with open(f"/proc/{pid}/cgroup") as file:
        return next(line.strip()[3:] for line in file if line.startswith("0::"))


def read(*parts, binary=False):
    with open(os.path.join(*parts), "rb" if binary else "r") as file:
        return file.read().strip()
