"""A3 (CVE-2025-31133): what is masked is covered by the root's own /dev/null, and that is a link."""
from attack import *

canary = Canary()
root = f"{HOME}/root"


def make_root(shape):
    shutil.rmtree(root, ignore_errors=True)
    busybox_root(root)
    shape(f"{root}/dev/null")


def link_to(target):
    return lambda path: os.symlink(target, path)


def plain(path):
    with open(path, "w") as file:
        file.write("a file\n")


# The control masks as runc did: the root's /dev/null, by name, over the file.
make_root(link_to(f"{canary.folder}/secret"))
done = run("bwrap", "--bind", root, "/", "--proc", "/proc", "--bind", f"{root}/dev/null", "/etc/issue", "/bin/cat", "/etc/issue")
control(done.stdout == SECRET, f"a mask by name: {done}")

for name, shape in {"a link to the canary": link_to(f"{canary.folder}/secret"), "a link to /proc": link_to("/proc/self/root/etc/issue"), "absent": lambda path: None,
                    "a file": plain, "a fifo": os.mkfifo, "a folder": os.mkdir, "a loop": link_to("null")}.items():
    for readonly in ("true", "false"):
        make_root(shape)
        done = with_profile(f'[root]\nsource = "{root}"\nreadonly = {readonly}\n[mask]\npaths = ["/etc/issue", "/data"]\n', "/bin/sh", "-c",
                            "stat -c %F,%t,%T /etc/issue /dev/null; echo swallowed >/etc/issue; cat /etc/issue; ls /data")
        if done.returncode == 0:
            equal(done.stdout, "character special file,1,3\n" * 2, f"{name}: masked (stderr {done.stderr!r})")
        else:
            refused(done)
        canary.unchanged(name)
# The host's own null device is proven too: a fake one stops the start.
fake = f"{HOME}/fake"
plain(fake)
if WAY == "user":  # in a namespace of its own, where the user may mount
    done = run("unshare", "--user", "--map-current-user", "--mount", "--keep-caps", "/bin/sh", "-c", f'mount --bind {fake} /dev/null && exec "$@"', "-", *MINIMAL, "--", "/bin/true")
    one_error(done, 125, "/dev/null")
canary.unchanged("after all")
