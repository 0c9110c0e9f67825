"""A grant below a sticky folder that everybody may write does not follow another user's link, whatever the kernel's own protection
is set to; the user's own link there is followed. The runtime folder is refused under any of its names, and for reading too."""
import shutil
import tempfile

from runtime.helpers import *

uid, gid = int(os.environ["TEST_UID"]), int(os.environ["TEST_GID"])
folder = tempfile.mkdtemp(prefix="sandbox-sticky.", dir="/var/tmp")
runtime = os.environ["XDG_RUNTIME_DIR"]
try:
    os.chmod(folder, 0o1777)
    os.mkdir(f"{HOME}/papers")
    with open(f"{HOME}/papers/a.txt", "w") as file:
        file.write("papers\n")
    for path in (f"{HOME}/papers", f"{HOME}/papers/a.txt"):
        os.chown(path, uid, gid)

    def granted(owner, mode=0o1777, path=f"{folder}/papers"):
        if os.path.islink(f"{folder}/papers"):
            os.unlink(f"{folder}/papers")
        os.symlink(f"{HOME}/papers", f"{folder}/papers")
        os.lchown(f"{folder}/papers", owner, owner)
        os.chmod(folder, mode)
        return run(*as_test_user(SANDBOX, "run", "--profile", "minimal", "--bind", f"{path}:/data", "--", "/bin/cat", "/data/a.txt"))

    for owner, mode in ((uid, 0o1777), (0, 0o1777), (12345, 0o755)):
        says(granted(owner, mode), "papers\n", f"a link of user {owner} in a folder of mode {mode:o}")
    one_error(granted(12345), 125, f"leads through the link '{folder}/papers', which another user made in a folder where everybody may")

    # The runtime folder, spelled through a link, and mounted at a second place.
    os.symlink(runtime, f"{HOME}/by-link")
    os.makedirs(f"{runtime}/sandbox-plans", exist_ok=True)
    os.makedirs(f"{HOME}/second")
    for path in (f"{runtime}/sandbox-plans", f"{HOME}/second"):
        os.chown(path, uid, gid)
    os.lchown(f"{HOME}/by-link", uid, gid)
    spelled = dict(os.environ, XDG_RUNTIME_DIR=f"{HOME}/by-link")
    for path in (runtime, f"{runtime}/sandbox-plans", f"{HOME}/by-link", f"{HOME}/by-link/sandbox-plans"):
        for environment in (dict(os.environ), spelled):
            one_error(run(*as_test_user(SANDBOX, "run", "--profile", "minimal", "--bind", f"{path}:/data", "--", "/bin/true"), env=environment), 125, "cannot be granted")
    for shown in (runtime, f"{runtime}/sandbox-plans"):
        done = run("unshare", "--mount", "/bin/sh", "-c", f'mount --bind {shown} {HOME}/second && exec "$@"', "-",
                   *as_test_user(SANDBOX, "run", "--profile", "minimal", "--bind", f"{HOME}/second:/data", "--", "/bin/true"))
        one_error(done, 125, "' under another name, the way to programs outside of the sandbox")
finally:
    shutil.rmtree(folder)
