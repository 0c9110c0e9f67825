"""A folder given as root runs its own shell, read-only and read-write; what is written stays in it."""
from runtime.helpers import *

root = busybox_root(f"{HOME}/root")
before = snapshot(root)
text = f'[root]\nsource = "{root}"\n'
done = with_profile(text, "/bin/sh", "-c", "cat /etc/issue; readlink /proc/1/root >/dev/null; ls /usr 2>/dev/null; echo x 2>/dev/null >/data/file || echo read-only; "
                    "echo x 2>/dev/null >/bin/file || echo read-only; echo null >/dev/null && echo device; exit 0")
says(done, "a root of its own\nread-only\nread-only\ndevice\n", "read-only")
equal(snapshot(root), before, "the folder after a read-only run")
done = with_profile(text + "readonly = false\n", "/bin/sh", "-c", "echo kept >/data/file && cat /data/file; id -u; cat /etc/hostname; grep -c localhost /etc/hosts; test -e /etc/passwd && test -e /etc/group && echo accounts")
succeeds(done, "read-write")
lines = done.stdout.splitlines()
equal((lines[:3], int(lines[3]) > 0, lines[4:]), (["kept", str(os.getuid()), "sandbox"], True, ["accounts"]), "read-write, and the files that are made")
with open(f"{root}/data/file") as file:
    equal(file.read(), "kept\n", "what was written")
os.unlink(f"{root}/data/file")
after = snapshot(root)
changed = {path for path in before.keys() | after.keys() if before.get(path, (0,))[:5] != after.get(path, (1,))[:5] or before[path][7] != after[path][7]}
equal(changed, set(), "what else changed in the folder")
equal(os.listdir(f"{root}/dev") + os.listdir(f"{root}/proc") + os.listdir(f"{root}/sys"), [], "made in the folder's own /dev, /proc, /sys")
# By a link to it, and the command searched in the root's own PATH.
os.symlink("root", f"{HOME}/link")
says(with_profile(f'[root]\nsource = "{HOME}/link"\n', "cat", "/etc/issue"), "a root of its own\n", "through a link")
one_error(with_profile(text, "no-such-command"), 127, "no-such-command")
