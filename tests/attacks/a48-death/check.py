"""A48: the launcher is killed at any of its steps; nothing of it or of the application lives on."""
from attack import *

canary = Canary()
# The control: bubblewrap that was not told to die with its parent.
parent = subprocess.Popen(["/bin/sh", "-c", 'bwrap --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 sleep 61 & wait'])
wait_until("its application", lambda: any(name == "sleep" for name in descendants(parent.pid).values()))
below = [number for number, name in descendants(parent.pid).items()]
top = min(below)
os.kill(top, signal.SIGKILL)
time.sleep(0.2)
left = [number for number in below if number != top and status_of(number) and not status_of(number)["State"].startswith("Z")]
control(left, "bubblewrap's application after the death of bubblewrap")
for number in left:
    os.kill(number, signal.SIGKILL)
parent.kill()
parent.wait()

words = [SANDBOX, "run", "--profile", "minimal", "--id", "dying", "--", "/bin/sh", "-c", "sleep 600 & setsid sleep 601 & exec sleep 602"]
short = [*words[:-1], "true"]
first = traced(*short)
stops = {}
for stop in first["stops"]:
    if stop["process"].startswith("sandbox"):
        stops.setdefault(stop["process"], []).append(stop["stop"])
check({"sandbox", "sandbox-helper", "sandbox-helper.1", "sandbox-helper.1.1"} <= stops.keys(), f"processes: {sorted(stops)}")
tried = 0
for process, names in stops.items():
    for stop in names[::max(1, len(names) // (14 if WAY == "user" else 4))]:
        victim = "sandbox" if process == "sandbox" else "sandbox-helper"
        seen = traced(*short, actions=[("--kill", stop, victim)])
        if not seen["actions"][0]["done"]:
            continue
        equal(seen["survivors"], [], f"the launcher killed at {stop}")
        tried += 1
check(tried > (40 if WAY == "user" else 10), f"only {tried} deaths")
print(f"{tried} deaths")
# While the application runs, with children in sessions of their own.
process = subprocess.Popen(words)
started(process, "sleep")
wait_until("three of them", lambda: list(descendants(process.pid).values()).count("sleep") == 3)
below = descendants(process.pid)
process.kill()
process.wait()


def all_ended(numbers):
    wait_until("the end of all", lambda: not [number for number in numbers if not status_of(number).get("State", "Z").startswith("Z")])


all_ended(below)
# A guest whose launcher dies ends alone; its host goes on, and ends it when it dies itself.
with running("host", "/bin/sleep", "600") as host:
    guest = subprocess.Popen([SANDBOX, "exec", "host", "--", "/bin/sleep", "603"])
    wait_until("the guest", lambda: "sleep" in descendants(guest.pid).values())
    guest.kill()
    guest.wait()
    wait_until("the guest's end", lambda: verb("exec", "host", "--", "/bin/sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").stdout.count("sleep 603") <= 1)
    check(host.poll() is None, "the host ended with its guest")
    below = descendants(host.pid)
all_ended(below)
canary.unchanged("after all")
