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


# What is done to the console must not be done to the terminal of the caller: its size, and whether it echoes.
TAMPER = r'''
import fcntl, os, struct, termios
console = os.open("/dev/console", os.O_RDWR | os.O_NOCTTY)
fcntl.ioctl(console, termios.TIOCSWINSZ, struct.pack("HHHH", 11, 22, 0, 0))
modes = termios.tcgetattr(console)
modes[3] &= ~termios.ECHO
termios.tcsetattr(console, termios.TCSANOW, modes)
print("console tampered with it")
'''


def tampered(*command):
    """Size and echo of the caller's terminal after a command that tampers with its console."""
    terminal = Terminal(*command)
    line = terminal.expect(r"console tampered with it|sandbox: [^\n]*|\w+Error[^\n]*").group()
    equal(line, "console tampered with it", f"{command[0]}")
    terminal.ended()
    size = struct.unpack("HHHH", fcntl.ioctl(terminal.master, termios.TIOCGWINSZ, b"\0" * 8))[:2]
    return size, bool(termios.tcgetattr(terminal.master)[3] & termios.ECHO)


found = on_terminal("/usr/bin/bwrap", *BWRAP[1:], PYTHON, "-c", LOOK)
control(found != OURS, f"bubblewrap's console is the caller's terminal: {found}")
equal(on_terminal(*MINIMAL, "--", PYTHON, "-c", LOOK), OURS, "the console")
if WAY == "user":
    found = tampered("/usr/bin/bwrap", *BWRAP[1:], PYTHON, "-c", TAMPER)
    control(found == ((11, 22), False), f"the caller's terminal, by bubblewrap's console: {found}")
before = tampered("/bin/echo", "console tampered with it")
check(before[1] and before[0] != (11, 22), f"a terminal as it is: {before}")
equal(tampered(*MINIMAL, "--", PYTHON, "-c", TAMPER), before, "the caller's terminal")
with running("consoled", "/bin/sleep", "60"):
    equal(on_terminal(SANDBOX, "exec", "--cwd", "/", "--tty", "consoled", "--", "/bin/sh", "-c", "test -e /dev/console; echo console $? x x"), "console 1 x x", "the console of a sandbox without one, for a guest")
# A root that brings its own: a link, a file, a terminal's name.
root = f"{HOME}/root"

# By name, as bubblewrap 0.8.0 binds, a file is made where the link leads.
busybox_root(root)
os.symlink(f"/oldroot{canary.folder}/made", f"{root}/dev/console")
done = run("bwrap", "--bind", root, "/", "--dev-bind", "/dev/null", "/dev/console", "/bin/true")
control("made" in canary.changed(), f"a console bound by its name: {done}")
canary.renew()
for shape in ("link", "link out", "file", "folder"):
    shutil.rmtree(root, ignore_errors=True)
    busybox_root(root)
    if shape.startswith("link"):
        os.symlink(f"{canary.folder}/console" if shape == "link" else f"/oldroot{canary.folder}/made", f"{root}/dev/console")
    elif shape == "folder":
        os.mkdir(f"{root}/dev/console")
    else:
        shutil.copy(f"{canary.folder}/console", f"{root}/dev/console")
    path = profile(f'[root]\nsource = "{root}"\nreadonly = false\n')
    found = on_terminal(SANDBOX, "run", "--profile", path, "--", "/bin/sh", "-c", "test -c /dev/console && stat -c 'console %t x x' /dev/console")
    equal(found, "console 88 x x", f"the console of a root with a {shape} there")  # 136, of UNIX98 terminals
    canary.unchanged(shape)
