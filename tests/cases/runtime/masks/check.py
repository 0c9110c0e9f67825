"""[mask]: files are hidden by the null device, folders by an empty one that nobody can write, others are made read-only, grants included."""
from runtime.helpers import *

os.makedirs(f"{HOME}/tree/folder/deep")
for name in ("file", "folder/deep/file", "kept"):
    with open(f"{HOME}/tree/{name}", "w") as file:
        file.write(f"{name}\n")
before = snapshot(f"{HOME}/tree")
done = with_profile(f'[files]\n"{HOME}/tree" = "rw"\n[mask]\npaths = ["{HOME}/tree/file", "{HOME}/tree/folder", "/usr/share/doc", "/no/such/thing"]\nreadonly = ["{HOME}/tree/kept"]\n',
                    "/bin/sh", "-c", f"cd {HOME}/tree; cat file; ls -A folder /usr/share/doc; stat -c %F file; touch folder/x 2>/dev/null || echo sealed; echo x 2>/dev/null >kept || echo read-only; "
                    "echo gone >file; cat kept; rm -f file 2>/dev/null || echo stays; mv folder other 2>/dev/null || echo stays; umount folder 2>/dev/null || echo stays")
says(done, "/usr/share/doc:\n\nfolder:\ncharacter special file\nsealed\nread-only\nkept\nstays\nstays\nstays\n", "masks")
equal(snapshot(f"{HOME}/tree"), before, "the tree outside")
document, _ = document_of("")
mounts = mounts_of(document)
for path in ("/proc/sys", "/proc/bus", "/proc/irq", "/proc/fs", "/proc/sysrq-trigger"):
    if os.path.exists(path):
        check("ro" in mounts[path][0], f"{path}: {mounts.get(path)}")
for path in ("/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/interrupts"):
    if os.path.exists(path):
        check(mounts[path][1] == "devtmpfs" and "nosuid" in mounts[path][0], f"{path}: {mounts.get(path)}")
says(with_profile("", "/bin/sh", "-c", "cat /proc/kcore /proc/keys /proc/interrupts 2>/dev/null; echo 1 2>/dev/null >/proc/sys/vm/overcommit_memory || echo refused"), "refused\n", "what is hidden of /proc")
# A mask of the base is taken away by name alone.
says(with_profile('[mask]\npaths = ["!/proc/interrupts"]\n', "/bin/sh", "-c", "test -s /proc/interrupts || head -c 1 /proc/interrupts | wc -c"), "1\n", "an unmasked file")
os.symlink("kept", f"{HOME}/tree/link")
one_error(with_profile(f'[files]\n"{HOME}/tree" = "rw"\n[mask]\npaths = ["{HOME}/tree/link"]\n', "/bin/true"), 125, "case.toml:5:", "link")
one_error(with_profile('[mask]\npaths = ["/"]\n', "/bin/true"), 125, "case.toml:3:", "root")
one_error(with_profile('[mask]\npaths = ["proc"]\n', "/bin/true"), 125, "case.toml:3:", "proc")
