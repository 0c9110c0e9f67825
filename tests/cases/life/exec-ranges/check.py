"""A guest under an id of a range ends when any part of its exec is killed, and the app goes on."""
from life.helpers import *
import pwd

name = pwd.getpwuid(os.getuid()).pw_name
with open("/etc/subuid") as file:
    uids = next(int(line.split(":")[1]) for line in file if line.startswith(f"{name}:"))
with open("/etc/subgid") as file:
    gids = next(int(line.split(":")[1]) for line in file if line.startswith(f"{name}:"))
# The caller is itself inside, or user 0 of it.
MAPS = {"kept": (f"{{ inside = 0, outside = {uids}, count = 100 }}, {{ inside = {os.getuid()}, outside = {os.getuid()} }}", f"{{ inside = 0, outside = {gids}, count = 100 }}, {{ inside = {os.getgid()}, outside = {os.getgid()} }}", 7),
        "root": (f"{{ inside = 0, outside = {os.getuid()} }}, {{ inside = 1, outside = {uids}, count = 100 }}", f"{{ inside = 0, outside = {os.getgid()} }}, {{ inside = 1, outside = {gids}, count = 100 }}", 6)}
for name in MAPS:
    with open(f"{HOME}/{name}.toml", "w") as file:
        file.write(f"schema = 1\n[ids]\nuid = 7\ngid = 7\nuid-map = [{MAPS[name][0]}]\ngid-map = [{MAPS[name][1]}]\n[process]\ncwd = \"/\"\n")


def of_the_range(word):
    """Living processes under the id inside that were called with that word."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        status = status_of(pid)
        if status and status["Uid"].split()[0] == str(uids + offset) and not status["State"].startswith("Z"):
            with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline") as file:
                if word in file.read().split("\0"):
                    found.append(int(pid))
    return found


for name, (_, _, offset) in MAPS.items():
    with running("ranged", "/bin/sleep", "601", profile=f"{HOME}/{name}.toml"):
        wait_until("the app", lambda: of_the_range("601"))
        for victim in ("outer", "inner", "app"):
            guest = subprocess.Popen([SANDBOX, "exec", "ranged", "--", "/bin/sleep", "602"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            app = wait_until("the guest", lambda: of_the_range("602"))[0]
            inner = int(status_of(app)["PPid"])
            equal(int(status_of(inner)["PPid"]), guest.pid, "who started whom")
            equal(status_of(inner)["CapPrm"], "0" * 16, "capabilities of the inner half")
            os.kill({"outer": guest.pid, "inner": inner, "app": app}[victim], signal.SIGKILL)
            guest.wait(10)
            wait_until(f"the guest ends with its {victim}", lambda: not of_the_range("602"), 5)
            wait_until(f"the inner half ends with its {victim}", lambda: status_of(inner).get("State", "Z").startswith("Z"), 5)
            equal(len(of_the_range("601")), 1, f"the app after the {victim} of a guest")
        # A status as ever.
        equal(verb("exec", "ranged", "--", "/bin/sh", "-c", "id -u; exit 9").stdout, "7\n", "the guest's id")
        # What a change of ids may give back (fs.suid_dumpable) is taken again while there are capabilities, which keep the app from
        # looking into its guest as long as they last.
        log = f"{HOME}/calls"
        traced = subprocess.run(["/usr/bin/strace", "-f", "-o", log, "-e", "trace=setresuid,prctl,capset", SANDBOX, "exec", "ranged", "--", "/bin/true"], stdin=subprocess.DEVNULL, timeout=20)
        equal(traced.returncode, 0, "a guest that is traced")
        with open(log) as file:
            calls = [line.split(" ", 1) for line in file.read().splitlines() if "(" in line]
        changed = [at for at, (_, call) in enumerate(calls) if call.lstrip().startswith("setresuid(7, 7, 7")]
        equal(len({calls[at][0] for at in changed}), 2, "the guest and its init change their ids")
        for at in changed:
            following = [call.lstrip() for pid, call in calls[at + 1:] if pid == calls[at][0]]
            first = next(call for call in following if call.startswith(("prctl(PR_SET_DUMPABLE", "capset(")))
            check(first.startswith("prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE"), f"after a change of ids: {first}")
no_survivors()
