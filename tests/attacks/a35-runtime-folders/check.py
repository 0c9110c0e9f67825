"""A35 (CVE-2021-44731, CVE-2022-3328, CVE-2026-3888): folders of ours are made in advance, open to others, or links, before and between starts."""
from attack import *

check(os.getuid() == 0, "this case wants root")
ways()
canary = Canary()
os.chown(canary.folder, int(os.environ["TEST_UID"]), int(os.environ["TEST_GID"]))
canary.before = snapshot(canary.folder)
uid, gid = int(os.environ["TEST_UID"]), int(os.environ["TEST_GID"])
data, cache, runtime = f"{HOME}/.local/share", f"{HOME}/.cache", RUNTIME


def own(path, mode=0o700, owner=None):
    os.makedirs(path, exist_ok=True)
    os.chmod(path, mode)
    os.chown(path, owner if owner is not None else uid, gid)


def start():
    return run(*as_test_user(SANDBOX, "run", "--profile", profile('[app]\nid = "org.example.Run"\n[home]\nmode = "app"\n'), "--", "/bin/sh", "-c", "echo written >~/new; echo it runs"))


def clear():
    for path in (f"{runtime}/sandbox", f"{data}/sandbox", f"{cache}/sandbox"):
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.path.lexists(path) and os.unlink(path)


for path in (data, f"{HOME}/.local", cache):
    own(path)
done = start()
equal(done.stdout, "it runs\n", f"a plain start: {done.stderr}")
clear()
# The control: a launcher that makes its folders as `mkdir -p` does.
os.symlink(canary.folder, f"{runtime}/sandbox")
run(*as_test_user("/bin/mkdir", "-p", f"{runtime}/sandbox/instance"))
control("instance" in canary.changed(), "mkdir -p through a link")
canary.renew()
os.chown(canary.folder, uid, gid)
canary.before = snapshot(canary.folder)
clear()
for place in (f"{runtime}/sandbox", f"{data}/sandbox", f"{data}/sandbox/homes", f"{data}/sandbox/homes/org.example.Run"):
    for shape in ("link", "relative", "file", "fifo", "another's", "open", "group"):
        own(os.path.dirname(place))
        if shape == "link":
            os.symlink(canary.folder, place)
        elif shape == "relative":
            os.symlink("../" * 12 + canary.folder[1:], place)
        elif shape == "file":
            with open(place, "w"):
                pass
        elif shape == "fifo":
            os.mkfifo(place)
        elif shape == "another's":
            own(place, 0o777, 12345)
        else:
            own(place, 0o777 if shape == "open" else 0o770)
        done = start()
        what = f"{place[len(HOME):] if place.startswith(HOME) else place} as {shape}"
        canary.unchanged(what)
        if done.returncode == 0:  # without a record, which is told; or in a folder of the user's own, below one that is closed
            equal(done.stdout, "it runs\n", what)
            warned = "sandbox: warning: 'sandbox ps' and the like will not know this app" in done.stderr and done.stderr.count("\n") == 1
            check(warned if place.startswith(runtime) else shape in ("open", "group"), f"{what}: it ran: {done}")
        else:
            refused(done)
        clear()
# The runtime folder itself: another's, or writable by others.
for mode, owner in ((0o777, uid), (0o755, 12345), (0o770, uid)):
    other = f"{HOME}/runtime"
    own(other, mode, owner)
    done = run(*as_test_user(SANDBOX, "run", "--profile", "minimal", "--id", "here", "--", "/bin/true"), env=dict(os.environ, XDG_RUNTIME_DIR=other))
    check(done.stderr.startswith("sandbox: ") and done.stderr.count("\n") == 1, f"{done}")
    check(not os.path.exists(f"{other}/sandbox"), f"something was made in a runtime folder of mode {mode:o}")
# Between two starts an instance's name is taken by a link to the canary.
own(f"{runtime}/sandbox")
for name in ("next", ".next.1"):
    os.symlink(canary.folder, f"{runtime}/sandbox/{name}")
run(*as_test_user(SANDBOX, "run", "--profile", "minimal", "--id", "next", "--", "/bin/true"))
canary.unchanged("an instance's name")
clear()
