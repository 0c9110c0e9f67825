"""root.no-pivot: where the kernel refuses pivot_root the root is changed by chroot, with no way back; elsewhere pivot_root is used all the same."""
from runtime.helpers import *
from services import helpers as services

works()
ramfs = {"preexec_fn": lacking(155, error=errno.EINVAL)}  # what pivot_root says on a ramfs root
wish = "[root]\nno-pivot = true\n"
look = "ls /; test -e /etc/hostname && cat /etc/hostname; test -e /home/*/.ssh && echo the home of the host; ls /proc | grep -c '^[0-9]'; cat /proc/self/mountinfo | wc -l; ls -d /proc/1/root/usr 2>&1; exit 0"

# Where it is not needed nothing changes but a warning.
plain = succeeds(with_profile("", "/bin/sh", "-c", look), "a plain start")
done = with_profile(wish, "/bin/sh", "-c", look)
equal((succeeds(done, "not needed"), len(done.stderr.splitlines())), (plain, 1), "not needed")
check("no-pivot" in done.stderr and "case.toml:3:" in done.stderr, f"the warning: {done.stderr}")
# Refused: an error without the key, which it names, and a start with it.
one_error(with_profile("", "/bin/echo", "started", **ramfs), 125, "pivot_root", "root.no-pivot")
done = with_profile(wish, "/bin/sh", "-c", look, **ramfs)
equal(succeeds(done, "by chroot").splitlines()[:-3], plain.splitlines()[:-3], f"what the app sees {done.stderr}")

# The ways out of a chroot.
escape = """import ctypes, errno, os
library = ctypes.CDLL(None, use_errno=True)
def said(name, act):
    try:
        print(name, act())
    except OSError as error:
        print(name, 'refused', error.errno in (errno.EPERM, errno.EACCES, errno.ENOENT, errno.ENOSYS))
def called(number, *arguments):
    result = library.syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), 'call')
    return result
os.makedirs('/tmp/inner')
said('chroot', lambda: os.chroot('/tmp/inner'))
os.chdir('/tmp')
said('climb', lambda: [os.chdir('..') for _ in range(30)] and os.path.exists('HOST'))
said('unshare', lambda: called(272, 0x10000000))
said('pivot_root', lambda: called(155, b'.', b'.'))
said('umount', lambda: called(166, b'/proc', 2))
said('mount', lambda: called(165, b'proc', b'/tmp/inner', b'proc', 0, None))
said('setns', lambda: called(308, os.open('/proc/self/ns/mnt', os.O_RDONLY), 0))
for number in (1, os.getpid(), os.getppid()):
    said(f'root of {"init" if number == 1 else "app"}', lambda: os.path.exists(f'/proc/{number}/rootHOST'))
    said('folder of it', lambda: os.path.exists(f'/proc/{number}/cwdHOST'))
""".replace("HOST", f"{HOME}/.ssh")
done = with_profile(wish, "/usr/bin/python3", "-c", escape, **ramfs)
for line in succeeds(done, "the escapes").splitlines():
    check(line.endswith((" refused True", " False")), f"a way out: {line}")
# What would open one is refused when the plan is made.
for more in ('[process]\ncaps = ["CAP_SYS_CHROOT"]\n', '[process]\nuserns = true\n'):
    one_error(with_profile(wish + more, "/bin/true"), 125, "case.toml:3:", "no-pivot")
# A guest is where the app is, and all ends together.
with open(f"{HOME}/case.toml", "w") as file:
    file.write("schema = 1\n" + wish)
process = subprocess.Popen([SANDBOX, "run", "--id", "chrooted", "--profile", f"{HOME}/case.toml", "--", "/bin/sh", "-c", "echo >/tmp/mark; exec sleep 100"], stdin=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, **ramfs)
try:
    wait_until("the sandbox", lambda: run(SANDBOX, "exec", "chrooted", "--", "/bin/test", "-e", "/tmp/mark").returncode == 0)
    done = run(SANDBOX, "exec", "chrooted", "--", "/bin/sh", "-c", f"ls /tmp; test -e {HOME}/.ssh && echo the home of the host; pwd")
    check(succeeds(done, "a guest").startswith("mark\n") and "the home" not in done.stdout, f"a guest: {done}")
finally:
    process.kill()
    process.wait()
no_survivors()
# What is started beside the sandbox changes its root the same way: the bus is reached through its proxy.
services.profile("org.example.Chrooted", wish + '[dbus.session]\n"org.example.Talked" = "talk"\n')
with services.bus():
    done = services.inside("org.example.Chrooted", "print(wire.Connection(BUS).name[0])", **ramfs)
    equal(succeeds(done, "a bus behind a proxy"), ":\n", "the name on the bus")
no_survivors()
