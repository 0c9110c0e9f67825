"""A6 (CVE-2021-30465, CVE-2024-45310): the mount point is exchanged for a link at each system call of a start."""
from attack import *

canary = Canary()
app = f"{HOME}/app"
given = f"{HOME}/given"
PATH_CALLS = ("openat2", "open_tree", "move_mount", "mount_setattr", "mkdirat", "mknodat", "symlinkat", "openat", "pivot_root", "fchdir")


def make():
    for folder in (app, given):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(f"{folder}/point/deep")
    os.symlink(f"{canary.folder}/deep", f"{app}/aside")


def start(program, *actions, **keywords):
    return traced(program, "run", "--profile", profile(f'[files]\n"{app}" = "rw"\n"{given}/point" = {{ access = "rw", target = "{app}/point" }}\n'
                                                       f'"{given}/point/deep" = "ro"\n[[mount]]\ntype = "tmpfs"\ntarget = "{app}/point/deep"\n'),
                  "--", "/bin/sh", "-c", f"echo written > {app}/point/deep/er; echo written > {app}/point/new; cat {canary.folder}/secret",
                  actions=actions, calls=PATH_CALLS, **keywords)


make()
# From the moment at which the folder of the app is cloned to the one at which no path of the host is left.
stops = [stop for stop in start(SANDBOX)["stops"] if stop["process"] == "sandbox-helper.1"]
first = next(number for number, stop in enumerate(stops) if app in stop["paths"])
last = next(number for number, stop in enumerate(stops) if stop["call"] == "pivot_root")
stops = [stop["stop"] for stop in stops[first:last + 1]]
check(len(stops) > 20, f"few stops: {stops}")
tried = 0
for stop in stops[::1 if WAY == "user" else 5]:
    make()
    seen = start(SANDBOX, ("--swap", stop, f"{app}/point", f"{app}/aside"))
    check(seen["actions"][0]["done"] and seen["actions"][0]["result"] == 0, f"{stop}: no swap: {seen}")
    canary.unchanged(stop)
    check(SECRET not in seen["stdout"], f"{stop}: the secret was read")
    if seen["status"] == 125:
        check(seen["stderr"].startswith("sandbox: ") and seen["stderr"].count("\n") == 1, f"{stop}: {seen['stderr']!r}")
    tried += 1
print(f"{tried} stops")

# Without the two defences the same swap makes a mount point in the canary.
folder = f"{HOME}/.undefended"
os.makedirs(folder, exist_ok=True)
with open(f"{folder}/defences-off", "w") as file:
    file.write("target-links own-folders")
broken = 0
for stop in stops:
    make()
    shutil.rmtree(f"{app}/point/deep")
    start(UNDEFENDED, ("--swap", stop, f"{app}/point", f"{app}/aside"), cwd=folder)
    broken += bool(canary.changed())
    if broken:
        break
    canary.renew()
control(broken, "no stop changed the canary")
