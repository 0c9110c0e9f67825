"""What the cases of this shelf share: profiles of their own, trees to be a root, a kernel that lacks a call."""
import contextlib
import ctypes
import errno
import shutil
import stat
import struct
import tempfile

from support import *

BUSYBOX = "/usr/bin/busybox" if os.path.exists("/usr/bin/busybox") else "/bin/busybox"


def with_profile(text, *command, options=(), before=(), **keywords):
    """Runs a command under the base profile and what `text` says; the profile is ~/case.toml."""
    path = f"{HOME}/case.toml"
    with open(path, "w") as file:
        file.write("schema = 1\n" + text)
    return run(*before, SANDBOX, "run", "--profile", path, *options, "--", *command, **keywords)


def says(done, wanted, what, stderr=""):
    """Asserts success, the whole output, and nothing (or that text) on stderr."""
    check(done.returncode == 0, f"{what}: status {done.returncode}, stdout {done.stdout!r}, stderr {done.stderr!r}")
    equal(done.stdout, wanted, what)
    if stderr is not None:
        equal(done.stderr, stderr, f"{what}: stderr")


def succeeds(done, what):
    check(done.returncode == 0, f"{what}: status {done.returncode}, stdout {done.stdout!r}, stderr {done.stderr!r}")
    return done.stdout


def document_of(text, *arguments, options=(), **keywords):
    """The probe's document under the base profile and what `text` says, and the warnings."""
    done = with_profile(text, PROBE, *arguments, options=["--bind", PROBE, *options], **keywords)
    succeeds(done, "the probe")
    return json.loads(done.stdout), done.stderr


def mounts_of(document):
    """Target → (mount options, type, super options), the topmost of each."""
    found = {}
    for line in document["mounts"]:
        left, _, right = line.partition(" - ")
        fields = left.split()
        found[fields[4]] = (fields[5].split(","), right.split()[0], right.split()[2].split(","), fields[6:])
    return found


def busybox_root(folder):
    """A small root: busybox, its shell, some folders and an /etc of its own."""
    for name in ("bin", "etc", "var/tmp", "data", "dev", "proc", "sys", "tmp", "run"):
        os.makedirs(os.path.join(folder, name))
    if not os.path.exists(f"{HOME}/busybox"):
        shutil.copy(BUSYBOX, f"{HOME}/busybox")
    os.link(f"{HOME}/busybox", os.path.join(folder, "bin/busybox"))
    for name in ("sh", "cat", "ls", "echo", "id", "touch", "mkdir", "rm", "readlink", "stat", "grep", "mount", "true", "sleep", "test"):
        os.symlink("busybox", os.path.join(folder, "bin", name))
    with open(os.path.join(folder, "etc/issue"), "w") as file:
        file.write("a root of its own\n")
    return folder


def snapshot(folder):
    """All that can be told of a tree from outside, but for times of access."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in [""] + folders + files:
            path = os.path.join(parent, name) if name else parent
            status = os.lstat(path)
            content = None
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    content = file.read()
            elif stat.S_ISLNK(status.st_mode):
                content = os.readlink(path)
            found[path] = (status.st_mode, status.st_uid, status.st_gid, status.st_ino, status.st_nlink, status.st_rdev,
                           status.st_mtime_ns, content)
    return found


def lacking(*calls, error=errno.ENOSYS):
    """For Popen's preexec_fn: these system calls (by number, x86-64) fail with ENOSYS, as on an older kernel."""
    rules = [(0x20, 0, 0, 0)]  # the call's number
    for number in calls:
        rules += [(0x15, 0, 1, number), (0x06, 0, 0, 0x00050000 | error)]
    rules.append((0x06, 0, 0, 0x7fff0000))
    program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *rule) for rule in rules))
    filter_ = struct.pack("HxxxxxxQ", len(rules), ctypes.addressof(program))
    library = ctypes.CDLL(None, use_errno=True)

    def install():
        library.prctl(38, 1, 0, 0, 0)  # no new privileges: a filter without them asks for it
        if library.prctl(22, 2, ctypes.c_char_p(filter_), 0, 0) != 0:
            os._exit(99)
    install.keep = program
    return install


def as_test_user(*command):
    """A command line by which root becomes the user of this case, with the environment as it is."""
    return ["setpriv", "--reuid", os.environ["TEST_UID"], "--regid", os.environ["TEST_GID"], "--clear-groups",
            "--inh-caps=-all", "env", f"USER={os.environ['TEST_USER']}", f"LOGNAME={os.environ['TEST_USER']}", *command]


def shelled(*words):
    """Words as one line for sh."""
    import shlex
    return " ".join(shlex.quote(word) for word in words)
