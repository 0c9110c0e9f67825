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
    groups = [parent for parent, _, _ in os.walk(GROUPS) if "app-sandbox-" in parent]
    equal(groups, [], "control groups")
    equal(os.listdir(RECORDS), [], "records")
    if "user.slice" in group_of("self"):  # the machine: process 1 and the managers are not ours
        mine = {name: entry for name in filter(str.isdigit, os.listdir("/proc")) if (entry := command_of(name)).startswith("sandbox")}
        equal(mine, {}, "processes")
        return
    helpers = [pid for pid in filter(str.isdigit, os.listdir("/proc")) if command_of(pid).startswith("sandbox")]
    equal(helpers, [], "processes")


def command_of(pid):
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read()
    except OSError:
        return ""


def group_of(pid):
    with open(f"/proc/{pid}/cgroup") as file:
        return next(line.strip()[3:] for line in file if line.startswith("0::"))


def read(*parts, binary=False):
    with open(os.path.join(*parts), "rb" if binary else "r") as file:
        return file.read().strip()
