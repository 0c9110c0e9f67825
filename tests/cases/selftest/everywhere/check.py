"""selftest holds as root, as a user, and nested in a user namespace."""
from runtime.helpers import *

check(os.getuid() == 0, "this case wants root")
own = tempfile.mkdtemp(prefix="sandbox-root.", dir="/var/tmp")
subprocess.run(["chown", "-R", f"{os.environ['TEST_UID']}:{os.environ['TEST_GID']}", HOME], check=True)
as_root = dict(os.environ, XDG_RUNTIME_DIR=own, HOME=own)
try:
    for what, before, environment in (("a user", as_test_user(), None), ("nested", as_test_user("unshare", "--user", "--map-current-user"), None), ("root", [], as_root),
                                      ("nested root", ["unshare", "--user", "--map-root-user"], as_root)):
        done = run(*before, SANDBOX, "selftest", timeout=60, **({"env": environment} if environment else {}))
        rest = [line for line in done.stdout.splitlines()[:-1] if not line[5:].startswith("blocked")]
        equal((done.returncode, rest), (0, []), f"{what} ({done.stderr})")
finally:
    shutil.rmtree(own)
