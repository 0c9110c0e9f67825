"""Namespaces of each kind that can be shared are joined by path: the app is in them and has no rights over them; no other path is taken for one."""
from runtime.helpers import *

check(os.getuid() == 0, "this case wants root")
os.environ["XDG_RUNTIME_DIR"] = os.path.join(HOME, "runtime-of-root") # the test user's would be refused
os.mkdir(os.environ["XDG_RUNTIME_DIR"], 0o700)
SHARED = ("net", "ipc", "uts", "cgroup", "time")
DAY = 86400
look = "for kind in net ipc uts cgroup time; do readlink /proc/self/ns/$kind; done; cat /proc/uptime; hostname; grep CapEff /proc/self/status"

holder = subprocess.Popen(["unshare", "--net", "--ipc", "--uts", "--cgroup", "--time", "--boottime", str(1000 * DAY), "--fork", "--kill-child", "/bin/sh", "-c",
                           "hostname joined-name; echo $$; exec sleep 60"], stdout=subprocess.PIPE, text=True)
try:
    pid = holder.stdout.readline().strip()
    paths = {kind: f"/proc/{pid}/ns/{kind}" for kind in SHARED}
    theirs, ours = ({kind: os.readlink(f"/proc/{whose}/ns/{kind}") for kind in SHARED} for whose in (pid, "self"))
    check(all(theirs[kind] != ours[kind] for kind in SHARED), f"the holder has namespaces of its own: {theirs}")
    for chosen in [(kind,) for kind in SHARED] + [SHARED]:
        wish = "[namespaces]\n" + "".join(f'{kind} = "{paths[kind]}"\n' for kind in chosen)
        lines = succeeds(with_profile(wish, "/bin/sh", "-c", look), f"joining {chosen}").splitlines()
        inside = dict(zip(SHARED, lines))
        for kind in SHARED:
            if kind in chosen:
                equal(inside[kind], theirs[kind], f"the {kind} namespace inside")
            else:
                check(inside[kind] != theirs[kind], f"the {kind} namespace is joined with {chosen}")
        equal(float(lines[5].split()[0]) > 1000 * DAY, "time" in chosen, f"the clock with {chosen}: {lines[5]}")
        if "uts" in chosen:
            equal(lines[6], "joined-name", "the host name is that of the namespace")
        check(lines[7].endswith("\t0000000000000000"), f"capabilities: {lines[7]}")
    # Whoever does not own them cannot join them.
    with open(f"{HOME}/case.toml", "w") as file:
        file.write(f'schema = 1\n[namespaces]\nipc = "/proc/1/ns/ipc"\n')
    done = run(*as_test_user("env", f"XDG_RUNTIME_DIR=/run/user/{os.environ['TEST_UID']}", SANDBOX, "run", "--profile", f"{HOME}/case.toml", "--", "/bin/true"))
    one_error(done, 125, "case.toml:3:", "ipc namespace")
    # What a path leads to is looked at before it is joined: another kind, no namespace at all, nothing.
    for kind in SHARED:
        other = next(name for name in SHARED if name != kind)
        for path, needle in ((paths[other], "no namespace of that kind"), ("/etc/passwd", "no namespace of that kind"), ("/proc/self/ns", "no namespace of that kind"),
                             ("/proc/self/status", "no namespace of that kind"), (f"{HOME}/fifo", "no namespace of that kind"), ("/no/such/namespace", "No such file")):
            if path.endswith("fifo") and not os.path.exists(path):
                os.mkfifo(path)
            one_error(with_profile(f'[namespaces]\n{kind} = "{path}"\n', "/bin/true"), 125, "case.toml:3:", f"{kind} namespace", path, needle)
finally:
    holder.kill()
    holder.wait()
# The three that hold the sandbox itself cannot be another's, and the error says why.
for kind, why in (("user", "all rights of the set-up"), ("mount", "the root is built in"), ("pid", "every process of the user")):
    for value in (f"/proc/self/ns/{kind}", "host"):
        one_error(with_profile(f'[namespaces]\n{kind} = "{value}"\n', "/bin/true"), 125, "case.toml:3:", f"namespaces.{kind}", why)
