"""Without XDG_RUNTIME_DIR the user's own folder is found; where there is none an app starts all the same, which is told once, and verbs say why they know it not."""
from runtime.helpers import *

check(os.getuid() == 0, "this case wants root")
uid = int(os.environ["TEST_UID"])
subprocess.run(["chown", "-R", str(uid), HOME], check=True)
RUNTIME = f"/run/user/{uid}"
BARE = {"HOME": HOME, "PATH": os.environ["PATH"]}
user = dict(user=uid, group=int(os.environ["TEST_GID"]), extra_groups=[], cwd=HOME)
# By its usual place.
process = subprocess.Popen([SANDBOX, "run", "--profile", "minimal", "--id", "usual", "--", "/bin/sleep", "60"], stdin=subprocess.DEVNULL, env=BARE, **user)
try:
    wait_until("it is on record", lambda: os.path.exists(f"{RUNTIME}/sandbox/usual/control"))
    equal(run(SANDBOX, "ps", env={**BARE, "XDG_RUNTIME_DIR": RUNTIME}, **user).stdout.splitlines()[1].split()[0], "usual", "where everybody looks")
finally:
    process.terminate()
    process.wait(10)


def without(*words):
    """As the user of a host that has no such folder."""
    ask = shelled(*as_test_user("env", "-i", *(f"{name}={value}" for name, value in BARE.items()), SANDBOX, *words))
    return run("unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", f"mount -t tmpfs none /run/user; exec {ask}", cwd=HOME)


done = without("run", "--profile", "minimal", "--", "/bin/echo", "said")
equal((done.returncode, done.stdout, done.stderr.count("\n")), (0, "said\n", 1), f"a start: {done.stderr}")
check("will not know this app: there is no runtime folder" in done.stderr, f"the warning: {done.stderr!r}")
equal(len(without("ps").stdout.splitlines()), 1, "nobody is on record")
one_error(without("state", "x"), 125, "there is no runtime folder, so no sandbox is on record", "set XDG_RUNTIME_DIR")
# What cannot do without says so.
one_error(run(SANDBOX, "run", "--profile", "minimal", "--", "/bin/true", env={**BARE, "XDG_RUNTIME_DIR": "/no/such/folder"}, **user), 125, "cannot open the runtime folder '/no/such/folder'", "make it, or see XDG_RUNTIME_DIR")
one_error(run(SANDBOX, "ps", env={**BARE, "XDG_RUNTIME_DIR": "/usr"}, **user), 125, "the runtime folder '/usr' is not this user's own")
