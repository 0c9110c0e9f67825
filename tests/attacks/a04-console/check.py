"""A4 (CVE-2025-52565): /dev/console is something else than a terminal of this sandbox's own devpts."""
from attack import *

canary = Canary()
LOOK = r'''
import os, stat
console, pts = os.stat("/dev/console"), os.stat("/dev/pts")
number = os.minor(console.st_rdev)
same = os.path.exists(f"/dev/pts/{number}") and os.stat(f"/dev/pts/{number}").st_ino == console.st_ino
print("console", stat.S_ISCHR(console.st_mode), console.st_dev == pts.st_dev, same)
'''
OURS = "console True True True"


def on_terminal(*command):
    terminal = Terminal(*command)
    line = terminal.expect(r"console \w+ \w+ \w+|sandbox: [^\n]*").group()
    terminal.ended()
    return line


found = on_terminal("/usr/bin/bwrap", *BWRAP[1:], PYTHON, "-c", LOOK)
control(found != OURS, f"bubblewrap's console is the caller's terminal: {found}")
equal(on_terminal(*MINIMAL, "--", PYTHON, "-c", LOOK), OURS, "the console")
# A root that brings its own: a link, a file, a terminal's name.
for shape in ("link", "file", "folder"):
    root = f"{HOME}/root"
    shutil.rmtree(root, ignore_errors=True)
    busybox_root(root)
    if shape == "link":
        os.symlink(f"{canary.folder}/console", f"{root}/dev/console")
    elif shape == "folder":
        os.mkdir(f"{root}/dev/console")
    else:
        shutil.copy(f"{canary.folder}/console", f"{root}/dev/console")
    path = profile(f'[root]\nsource = "{root}"\nreadonly = false\n')
    found = on_terminal(SANDBOX, "run", "--profile", path, "--", "/bin/sh", "-c", "test -c /dev/console && stat -c 'console %t x x' /dev/console")
    equal(found, "console 88 x x", f"the console of a root with a {shape} there")  # 136, of UNIX98 terminals
    canary.unchanged(shape)
