"""A27 (CVE-2019-10063): input is put into the caller's terminal (TIOCSTI, TIOCLINUX), with high bits set and by other ABIs."""
from attack import *

ways()
canary = Canary()
with open("/proc/sys/dev/tty/legacy_tiocsti") as file:
    legacy = file.read().strip() == "1"
TYPE = r'''
import ctypes, errno, fcntl, os, termios
libc = ctypes.CDLL(None, use_errno=True)
for request in (0x5412, 0x541C, 0x5412 | 1 << 32, 0x5412 | 1 << 63, 0x541C | 1 << 40):
    for byte in b"echo typed-in\n":
        code = libc.syscall(ctypes.c_long(16), ctypes.c_long(0), ctypes.c_ulong(request), ctypes.byref(ctypes.c_char(byte)))
    print("asked", hex(request), errno.errorcode.get(ctypes.get_errno() if code else 0, "done"), flush=True)
'''
SHELL = ["/bin/bash", "--norc", "--noprofile", "-i", "-c"]


def typed(*command):
    """The command in the foreground of a terminal of its own; whether what it typed is there for the next reader."""
    terminal = Terminal("/bin/bash", "-c", '"$@"; IFS= read -r -t 2 line && echo "next reader got: $line"; echo over', "-", *command)
    seen = terminal.expect("over", 30).string
    terminal.ended()
    return "next reader got: echo typed-in" in seen, seen


if legacy:
    found, seen = typed(*as_test_user(*BWRAP, PYTHON, "-c", TYPE))
    control(found, f"bubblewrap without a session of its own: {seen!r}")
for launcher in ([*MINIMAL, "--"], [SANDBOX, "run", "--profile", "shell", "--"], [*MINIMAL, "--tty", "--"], [*MINIMAL, "--no-tty", "--"], [*MINIMAL, "--no-tty", "--set", 'process.seccomp.base="none"', "--"]):
    found, seen = typed(*as_test_user(*launcher, PYTHON, "-c", TYPE))
    check(not found and "asked" in seen, f"{launcher}: {seen!r}")
control("ioctl:TIOCSETD (native)" in probe_without("seccomp", 27), "without the filter")
held_every_way(27)
canary.unchanged("after all")
