"""What the lints share: the files of the project, and how a lint ends. Not executable: no lint by itself."""
import os
import subprocess
import sys

ROOT = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", ".."))


def files():
    """Paths below ROOT, sorted: those that git knows or would add; in a tree without git, all but build folders."""
    if os.path.exists(os.path.join(ROOT, ".git")):
        command = ["git", "-C", ROOT, "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, check=True, capture_output=True).stdout.decode(errors="surrogateescape")
        names = [name for name in listed.split("\0") if name]
    else:
        names = []
        for folder, subfolders, here in os.walk(ROOT):
            subfolders[:] = [name for name in subfolders if not name.startswith(("build", "."))]
            names += [os.path.relpath(os.path.join(folder, name), ROOT) for name in here]
    return sorted(name for name in names if os.path.isfile(os.path.join(ROOT, name)))


def text(name):
    """The lines of a file; none for one that is not text."""
    with open(os.path.join(ROOT, name), "rb") as file:
        content = file.read()
    return [] if b"\0" in content else content.decode(errors="replace").splitlines()


def finish(faults, looked_at):
    """Ends the lint: each fault a line, and a lint that looked at nothing has not passed."""
    for fault in faults:
        print(fault)
    if not looked_at:
        print("nothing was looked at")
    sys.exit(1 if faults or not looked_at else 0)
