"""What is said when a call fails that hardly ever does: each row makes one fail under the tracer, until its words are said."""
import contextlib
import os
import shutil
import subprocess

from start import APP, BUS_RULE, HOST, JOINED, PROBE, SANDBOX, Kind

HEAD = 'schema = 1\n[app]\nexec = ["/bin/true"]\n'
PROFILES = {
    "mounts": HEAD + """[process]
caps = ["CAP_NET_BIND_SERVICE"]
[ids]
uid = 0
gid = 0
[hostname]
name = "invented"
[rlimits]
nofile = 300
[sysctl]
"net.ipv4.ping_group_range" = "0 0"
"kernel.domainname" = "x"
[mask]
paths = ["${HOME}/letters/a.txt"]
readonly = ["/papers/private"]
[files]
"${HOME}/papers" = { access = "rw", target = "/papers" }
"${HOME}/letters" = { access = "ro" }
"${HOME}/papers/private" = "deny"
[[mount]]
type = "tmpfs"
target = "/scratch"
mode = 0o700
[[mount]]
type = "overlay"
source = "${HOME}/letters"
target = "/both"
[[mount]]
type = "symlink"
source = "data/current"
target = "/current"
[[mount]]
type = "data"
source = "hello"
target = "/greeting"
[[mount]]
type = "sysfs"
target = "/hardware"
[[mount]]
type = "mqueue"
target = "/queue"
""",
    "chroot": HEAD + "[root]\nno-pivot = true\n",
    "user": HEAD + '[network]\nmode = "user"\n',
    "ranges": HEAD + """[ids]
uid-map = [{ inside = 0, outside = %UID%, count = 1 }, { inside = 1, outside = %UIDS%, count = 10 }]
gid-map = [{ inside = 0, outside = %GID%, count = 1 }, { inside = 1, outside = %GIDS%, count = 10 }]
uid = 5
gid = 6
groups = "drop"
[root]
readonly = false
""",
    "moved": HEAD + 'args = ["-c", "pwd"]\n[files]\n"${HOME}/papers" = "rw"\n[process]\ncwd = "${HOME}/papers/inner"\n',
    "fresh": HEAD + '[home]\nmode = "app"\npersist = [".config/fresh"]\n',
    "entry": HEAD + 'desktop = ["some.desktop"]\nextends = ["class/headless"]\n',
}
TRUE = ["--", "/bin/true"]
SCENES = {name: Kind(name, ["run", "--profile", name, *TRUE], {}) for name in PROFILES} | {
    "run": Kind("run", ["run", "--profile", APP, *TRUE], {}),
    "terminal": Kind("terminal", ["run", "--profile", APP, "--tty", *TRUE], {}),
    "bus": Kind("bus", ["run", "--profile", APP, "--set", BUS_RULE, *TRUE], {}, beside="bus"),
    "guest": Kind("guest", ["exec", HOST, *TRUE], {}, beside="host"),
    "further": Kind("further", ["run", "--profile", JOINED, "--bind", PROBE, "--", "/bin/sh", "-c", "true", "sh", "named/a.txt"], {}, beside="joined"),
    "hangs": Kind("hangs", ["run", "--profile", APP, "--set", BUS_RULE, *TRUE], {}, beside="bus"),
    "swapped": Kind("swapped", ["run", "--profile", APP, *TRUE], {}),
    "covered": Kind("covered", ["run", "--profile", APP, *TRUE], {}),
    "layers": Kind("layers", ["run", "--profile", "mounts", *TRUE], {}),
    "mute": Kind("mute", ["run", "--profile", APP, *TRUE], {}),
    "linked": Kind("linked", ["run", "--profile", APP, *TRUE], {}),
    "copied": Kind("copied", ["run", "--profile", APP, *TRUE], {}, program=os.environ["UNDEFENDED"]),
    "playback": Kind("playback", ["playback.socket", "/no/server"], {}, program=os.path.join(os.path.dirname(SANDBOX), "../libexec/sandbox/sandbox-playback")),
    "watched": Kind("watched", ["run", "--log-denials", "--profile", APP, *TRUE], {}),
    "learned": Kind("learned", ["profile", "learn", "--class", "headless", "/bin/true"], {}),
    "session": Kind("session", ["run", "--set", "limits.required=true", "--memory", "1G", "--profile", APP, *TRUE], {}),
    "detach": Kind("detach", ["run", "--detach", "--profile", APP, *TRUE], {}),
    "parent": Kind("parent", ["run", "--die-with-parent", "--profile", APP, *TRUE], {}),
    "denials": Kind("denials", ["run", "--log-denials", "--profile", APP, *TRUE], {}),
    "selftest": Kind("selftest", ["selftest"], {}),
    "why": Kind("why", ["profile", "why", HOST, "/etc/hostname"], {}, beside="host"),
    "state": Kind("state", ["state", HOST], {}, beside="host"),
    "stats": Kind("stats", ["stats", HOST], {}, beside="host"),
    "kill": Kind("kill", ["kill", "--signal", "CONT", HOST], {}, beside="host"),
    "new": Kind("new", ["profile", "new", "--write", "--force", "some.desktop"], {}),
    "written": Kind("written", ["profile", "new", "--write", "--force", "--id", "written", "/bin/true"], {}),
    "integrate": Kind("integrate", ["integrate", "entry"], {}),
    "undo": Kind("undo", ["integrate", "--undo", "entry"], {}),
    "grouped": Kind("grouped", ["run", "--profile", APP, *TRUE], {}, grouped=True),
    "pause": Kind("pause", ["pause", HOST], {}, beside="host", grouped=True),
    "resume": Kind("resume", ["resume", HOST], {}, beside="host", grouped=True),
    "update": Kind("update", ["update", "--pids", "5", HOST], {}, beside="host", grouped=True),
    "oom": Kind("oom", ["oom", HOST], {}, beside="host", grouped=True),
    "follow": Kind("follow", ["events", "--follow", HOST], {}, beside="host", grouped=True),
    "bundle": Kind("bundle", ["config", "--oci", "--bundle", "bundle", APP], {}),
}
# What fails in every start of a scene.
STANDING = {"mute": ("--fail", "sandbox-helper.1/pivot_root#1", "EPERM"), "chroot": ("--fail", "sandbox-helper.1/pivot_root#1", "EINVAL"), "user": ("--fail", "sandbox-helper/access#1", "0"), 
            # Which of its writes says that it is ready is not the same in every start.
            "hangs": ("--ours", "xdg-dbus-proxy", *(word for number in range(2, 13) for word in ("--fail", f"xdg-dbus-proxy/write#{number}", "EIO"))),
            # A process that is traced cannot be traced once more.
            "watched": ("--fail", "sandbox/ptrace#1", "0"), "learned": ("--fail", "sandbox/ptrace#1", "0"), "playback": ("--fail", "sandbox-playback/poll#1", "ENOMEM"),
            # Else it would go on as long as the app.
            "follow": ("--fail", "sandbox/poll#1", "ENOMEM", "--fail", "sandbox/poll#2", "ENOMEM")}
# Where an unbroken start does not come to a good end either.
UNUSUAL = {"mute", "hangs", "user", "denials", "watched", "learned", "playback", "session", "update", "oom", "follow"} # no controller is given to that group
# What makes the scene again after a start, in the home.
AGAIN = {
    "further": "mv named/a.txt named/$$.txt; echo named >named/a.txt", # or it would have been shown already
    "fresh": "rm -rf .local/share/sandbox/homes/fresh",
    "written": "rm -rf .config/elsewhere",
    "swapped": "[ ! -e kept ] || { mv papers elsewhere; mv kept papers; }",
    "covered": "[ ! -e kept ] || mv kept papers/private",
    "linked": "[ ! -e kept ] || { rm papers/private; mv kept papers/private; }",
    "bundle": "rm -rf bundle",
    "playback": "rm -f playback.socket",
    "layers": "[ ! -e kept ] || { rmdir letters; mv kept letters; }",
    "moved": "[ ! -e kept ] || mv kept papers/inner",
}
OTHER_WAY = {"integrate": "undo", "undo": "integrate", "pause": "resume"}

THAW = '!for file in /sys/fs/cgroup/sandbox-faults-*/%s /sys/fs/cgroup/unified/sandbox-faults-*/%s; do [ ! -e "$file" ] || echo 0 >"$file"; done' % ((f"sandbox-{HOST}/cgroup.freeze",) * 2)

# The scene, the call that fails (PROCESS/CALL as the tracer names them), its error, what is said, and the number of the call in a
# start on one machine: where to look first. 0 as the error: it is not made, and returns as if it had been.
# "!COMMAND" instead of an error: somebody does that meanwhile.
ROWS = [
    ("grouped", "sandbox-helper/mkdirat", "ENOSPC", "cannot make the control group '", 1),
    ("grouped", "sandbox-helper/openat", "EMFILE", "cannot open the control group '", 1),
    ("grouped", "sandbox/openat", "EMFILE", "' went away while the app was started", 33),
    ("pause", "sandbox/openat", "EMFILE", "cannot open the control group '", 8),
    ("pause", "sandbox/fstatfs", "0", "' is no control group", 1),
    ("pause", "sandbox/openat", "EMFILE", "cannot watch the control group", 9),
    ("pause", "sandbox/lseek", THAW, "the app did not freeze in time, and was thawed again", 1),
    ("update", "sandbox/openat", "EMFILE", "cannot lock the record of '", 9),
    ("follow", "sandbox/poll", "ENOMEM", "cannot watch the control group", 2),
    ("run", "sandbox-helper.1/close_range", "EPERM", "cannot close the descriptors", 1),
    ("run", "sandbox-helper/openat2", "EMFILE", "cannot open the child's setgroups", 3),
    ("run", "sandbox-helper.1/close_range", "EPERM", "cannot close the host's descriptors", 1),
    ("bus", "sandbox-helper.1/close_range", "EPERM", "cannot close the host's descriptors", 1),
    ("denials", "sandbox/openat", "EMFILE", "cannot read '/run/user/", 60),
    ("denials", "sandbox/openat", "EACCES", "cannot write '/run/user/", 50),
    ("chroot", "sandbox-helper.1/openat2", "EMFILE", "cannot look at '/proc' of the host", 40),
    ("guest", "sandbox/connect", "EAGAIN", "' does not answer", 1),
    ("guest", "sandbox-helper.1.1/prctl", "EPERM", "cannot protect the guest's process", 3),
    ("further", "sandbox-helper.1/clone", "EAGAIN", "cannot make a process to clone files in", 1),
    ("further", "sandbox-helper.1.1/unshare", "EPERM", "cannot make a mount namespace to clone files in", 1),
    ("further", "sandbox-helper.1.1/prctl", "EPERM", "cannot follow the parent", 1),
    ("further", "sandbox-helper.1.1/sendmsg", "EPIPE", "the process that clones the files was killed", 1),
    ("further", "sandbox-helper.1/fstatfs", "0", "' inside is not the folder that was made for files of further starts", 1),
    ("further", "sandbox-helper.1/fstatfs", "EACCES", "cannot look at '/run/sandbox/files' inside", 1),
    ("further", "sandbox-helper.1/openat2", "EMFILE", "cannot reach '/run/sandbox/files", 1),
    ("further", "sandbox-helper.1/open_tree", "EMFILE", "cannot get a view of '/run/sandbox/files' inside", 1),
    ("further", "sandbox-helper.1/mkdirat", "ENOSPC", "cannot make a folder for 'a.txt' inside", 1),
    ("further", "sandbox-helper.1/mknodat", "ENOSPC", "cannot make a mount point for 'a.txt' inside", 1),
    ("further", "sandbox-helper.1/newfstatat", "EACCES", "cannot look at a file that was shown", 10),
    ("guest", "sandbox-helper.1/pidfd_open", "EMFILE", "cannot watch the app", 1),
    ("bus", "sandbox-helper/clone3", "EMFILE", "cannot make the namespaces of bus proxy", 1),
    ("bus", "sandbox-helper.1/openat", "EMFILE", "cannot open /dev/null", 1),
    ("bus", "sandbox-helper.1/execve", "EACCES", "bus proxy: cannot run '", 1),
    ("guest", "sandbox/getsockopt", "EPERM", "' is another user's", 1),
    ("guest", "sandbox/getsockopt", "EPERM", "the control socket of '", 1),
    ("bus", "sandbox-helper.1/prctl", "EPERM", "cannot tie it to the sandbox", 1),
    ("hangs", "xdg-dbus-proxy/write", "EIO", "was not ready after ten seconds", 1),
    ("user", "sandbox-helper/clone", "EAGAIN", "cannot start '/usr/bin/pasta'", 1),
    ("user", "sandbox-helper/pidfd_open", "EMFILE", "cannot watch '/usr/bin/pasta'", 2),
    ("ranges", "sandbox-helper/clone3", "EMFILE", "cannot run /usr/bin/newgidmap", 2),
    ("ranges", "sandbox-helper/wait4", "EINTR", "cannot wait for /usr/bin/newgidmap", 1),
    ("ranges", "sandbox-helper.1.1/setgroups", "EPERM", "cannot drop the supplementary groups", 1),
    ("bus", "sandbox-helper.1/openat2", "EMFILE", "cannot open /proc/sys", 40),
    ("terminal", "sandbox-helper.1.1/newfstatat", "0", "/dev/console inside is no terminal", 1),
    ("run", "sandbox-helper.1.1/getppid", "0", "the sandbox's init died", 1),
    ("run", "sandbox-helper.1/newfstatat", "0", "/dev/null of this host is not the null device", 1),
    ("run", "sandbox-helper.1/pivot_root", "0", "the root is not the one that was built", 1),
    ("run", "sandbox-helper.1.1/capset", "0", "capabilities are left after they were dropped", 1),
    ("fresh", "sandbox/mkdirat", "EACCES", "cannot make the folder '", 3),
    ("parent", "sandbox/prctl", "EPERM", "cannot follow the parent", 1),
    ("parent", "sandbox/getppid", "0", "the process that started us has ended", 2),
    ("detach", "sandbox/pipe2", "EMFILE", "cannot make a pipe for the start", 1),
    ("detach", "sandbox/clone", "EAGAIN", "cannot detach the start", 1),
    ("detach", "sandbox/pidfd_open", "EMFILE", "cannot watch the start", 1),
    ("detach", "sandbox.1/prctl", "EPERM", "the process that started us has ended", 1),
    ("selftest", "sandbox/pipe2", "EMFILE", "cannot hear the probe", 1),
    ("selftest", "sandbox/clone3", "EAGAIN", "cannot start the sandbox", 1),
    ("new", "sandbox/pipe2", "EMFILE", "cannot hear the answer of sandbox-desktop", 1),
    ("integrate", "sandbox-desktop/linkat", "EACCES", "cannot keep '", 1),
    ("integrate", "sandbox-desktop/openat", "EACCES", "cannot write in '", 60),
    ("undo", "sandbox-desktop/unlink", "EACCES", "cannot remove '", 1),
    ("written", "sandbox/mkdir", "EACCES", "cannot make '", 1),
    ("terminal", "sandbox-helper.1/openat2", "EMFILE", "cannot open the sandbox's ptmx", 20),
    ("bundle", "sandbox/openat2", "EMFILE", "cannot open the bundle '", 40),
    ("copied", "sandbox/openat", "EACCES", "/sandbox-helper': open", 40),
    ("copied", "sandbox/execveat", "EACCES", "/sandbox-helper': execveat", 1),
    ("copied", "sandbox/fcntl", "EPERM", "cannot hand the plan on", 30),
    ("playback", "sandbox-playback/socket", "EMFILE", "cannot make a socket", 1),
    ("playback", "sandbox-playback/bind", "EACCES", "cannot name the socket", 1),
    ("playback", "sandbox-playback/listen", "EPERM", "cannot open the socket", 1),
    ("playback", "sandbox-playback/write", "EIO", "cannot say that the socket is ready", 1),
    ("playback", "sandbox-playback/poll", "ENOMEM", "cannot wait", 1),
    ("denials", "sandbox/ptrace", "EPERM", "cannot watch the app", 1),
    ("watched", "sandbox/write", "EPIPE", "cannot start what is to be watched", 1),
    ("watched", "sandbox/wait4", "EINVAL", "cannot follow the app", 1),
    ("learned", "sandbox/openat", "EMFILE", ".draft.log'", 60),
    ("session", "sandbox/sendto", "EPIPE", "cannot talk to sandbox-session", 1),
    ("linked", "sandbox-helper.1/openat2", "!mv papers/private kept; ln -s ../kept papers/private", "it is a link", 30),
    ("swapped", "sandbox-helper.1/open_tree", "!mv papers kept; mv elsewhere papers", "' changed between check and mount", 21),
    ("covered", "sandbox-helper.1/openat2", "!mv papers/private kept", "' went away between check and mount", 30),
    ("layers", "sandbox-helper.1/openat2", "!mv letters kept; mkdir letters", "' changed between check and mount", 22),
    ("moved", "sandbox-helper.1.1/getcwd", "!mv papers/inner kept", "lies outside the sandbox", 1),
    ("chroot", "sandbox-helper.1/move_mount", "EPERM", "' of the host", 30),
    ("chroot", "sandbox-helper.1/openat", "EMFILE", "cannot read the host's mounts", 1),
    ("chroot", "sandbox-helper.1/chroot", "EPERM", "cannot make the new root the root: chroot", 1),
    ("chroot", "sandbox-helper.1/chdir", "EACCES", "cannot enter the new root: chdir", 1),
    ("run", "sandbox-helper.1.1/close_range", "EPERM", "cannot close the descriptors", 1),
    ("run", "sandbox-helper.1.1/chdir", "EACCES", "cannot enter the working folder", 1),
    ("run", "sandbox-helper.1.1/unshare", "EPERM", "cannot make a network namespace", 1),
    ("run", "sandbox-helper.1.1/setsid", "EPERM", "cannot make a session", 1),
    ("run", "sandbox-helper.1.1/openat2", "EMFILE", "cannot run", 2),
    ("run", "sandbox-helper.1.1/prctl", "EPERM", "cannot set the parent-death signal", 1),
    ("run", "sandbox-helper.1.1/capget", "EPERM", "cannot drop the capabilities (capng_apply", 1),
    ("run", "sandbox-helper.1.1/prctl", "EPERM", "cannot lock the securebits", 2),
    ("run", "sandbox-helper.1.1/capget", "EPERM", "cannot read the capabilities back", 3),
    ("run", "sandbox-helper/recvmsg", "EPERM", "cannot hear the other half of the helper", 1),
    ("run", "sandbox-helper/socketpair", "EMFILE", "cannot make the socket between the halves of the helper", 1),
    ("run", "sandbox-helper/write", "EPERM", "cannot talk to the other half of the helper", 4),
    ("run", "sandbox-helper.1.1/newfstatat", "EACCES", "cannot look at descriptor", 7),
    ("run", "sandbox-helper.1.1/openat2", "EMFILE", "cannot open /dev/null inside", 1),
    ("run", "sandbox-helper.1.1/dup2", "EMFILE", "cannot replace the host's null device", 1),
    ("run", "sandbox-helper/socket", "EMFILE", "cannot make the control socket", 1),
    ("run", "sandbox-helper/bind", "EPERM", "cannot name the control socket", 1),
    ("run", "sandbox-helper/listen", "EPERM", "cannot open the control socket", 1),
    ("run", "sandbox-helper/openat2", "EMFILE", "cannot open /proc", 1),
    ("run", "sandbox-helper/openat2", "EMFILE", "cannot open the child's folder in /proc", 2),
    ("run", "sandbox-helper/write", "EPERM", "cannot write the child's", 1),
    ("run", "sandbox-helper/poll", "ENOMEM", "the child died before its ids were mapped", 1),
    ("run", "sandbox-helper.1/openat", "EMFILE", "cannot enter the network namespace", 1),
    ("run", "sandbox-helper.1/read", "EPERM", "cannot hear the app's process", 1),
    ("run", "sandbox-helper.1/setsid", "EPERM", "cannot leave the caller's session", 1),
    ("run", "sandbox-helper.1/write", "EPERM", "cannot let the app's process go on", 1),
    ("run", "sandbox-helper.1/clone", "EMFILE", "cannot make the app's process", 1),
    ("run", "sandbox-helper.1/socketpair", "EMFILE", "cannot make the gate", 1),
    ("run", "sandbox-helper.1/prctl", "EPERM", "cannot protect the sandbox's init", 2),
    ("run", "sandbox-helper.1/sethostname", "EPERM", "cannot set the host name", 1),
    ("run", "sandbox-helper.1/prctl", "EPERM", "cannot tie the sandbox to its launcher", 1),
    ("run", "sandbox-helper.1/pidfd_open", "EMFILE", "cannot watch the app's process", 1),
    ("run", "sandbox-helper.1/fstatfs", "EACCES", "/proc is no procfs", 1),
    ("run", "sandbox-helper.1.1/seccomp", "EPERM", "cannot load the system call filter", 1),
    ("run", "sandbox-helper.1.1/landlock_add_rule", "EPERM", "cannot make a Landlock rule for", 1),
    ("run", "sandbox-helper.1.1/landlock_add_rule", "EPERM", "cannot make a Landlock rule for descriptor", 29),
    ("run", "sandbox-helper.1.1/keyctl", "EPERM", "cannot make a session keyring", 1),
    ("run", "sandbox-helper.1.1/landlock_create_ruleset", "EMFILE", "cannot make the Landlock rules", 1),
    ("run", "sandbox-helper.1.1/landlock_restrict_self", "EPERM", "cannot put the Landlock rules in force", 1),
    ("run", "sandbox-helper.1.1/ioctl", "EPERM", "cannot set", 1),
    ("run", "sandbox-helper.1.1/prlimit64", "EPERM", "cannot set the limit", 1),
    ("run", "sandbox-helper.1/open_tree", "EMFILE", "cannot bind", 1),
    ("run", "sandbox-helper.1/openat2", "EMFILE", "cannot find /dev/null", 1),
    ("run", "sandbox-helper.1/mount_setattr", "EPERM", "cannot restrict", 1),
    ("run", "sandbox-helper.1/move_mount", "EPERM", "cannot cover", 25),
    ("run", "sandbox-helper.1/open_tree", "EMFILE", "cannot make", 20),
    ("run", "sandbox-helper.1/fcntl", "EMFILE", "cannot keep /proc", 1),
    ("run", "sandbox-helper.1/openat2", "EMFILE", "cannot open the new /proc/sys", 13),
    ("run", "sandbox-helper.1/symlinkat", "EPERM", "cannot make the link", 1),
    ("run", "sandbox-helper.1.1/socket", "EMFILE", "cannot reach the network namespace", 1),
    ("run", "sandbox-helper.1.1/ioctl", "EPERM", "cannot set the loopback interface up", 1),
    ("run", "sandbox-helper/newfstatat", "EACCES", "cannot identify the app", 2),
    ("run", "sandbox-helper/openat", "EMFILE", "cannot read the record of the instance", 1),
    ("run", "sandbox-helper/rt_sigprocmask", "EPERM", "cannot block the signals", 1),
    ("run", "sandbox-helper/clone3", "EMFILE", "cannot make the namespaces of the sandbox", 1),
    ("run", "sandbox-helper/signalfd4", "EMFILE", "cannot take the signals", 1),
    ("mute", "sandbox-helper.1/write", "EPIPE", "the sandbox's init ended and could not say why", 10),
    ("run", "sandbox-helper.1/mount", "EPERM", "cannot cut the mounts of the host off", 1),
    ("run", "sandbox-helper.1/fchdir", "EPERM", "cannot enter the new root", 1),
    ("run", "sandbox-helper.1/umount2", "EPERM", "cannot let go of the old root", 1),
    ("run", "sandbox-helper.1/newfstatat", "EACCES", "cannot look at the new root", 2),
    ("run", "sandbox-helper.1/mount_setattr", "EPERM", "cannot make a folder of the sandbox read-only", 24),
    ("run", "sandbox-helper.1/fsopen", "EMFILE", "cannot make a tmpfs", 1),
    ("run", "sandbox-helper.1/pivot_root", "EPERM", "cannot make the new root the root", 1),
    ("run", "sandbox-helper.1/mount_setattr", "EPERM", "cannot make the root of the sandbox read-only", 25),
    ("run", "sandbox-helper.1/move_mount", "EPERM", "cannot mount on", 2),
    ("run", "sandbox-helper.1/move_mount", "EPERM", "cannot mount the new root", 1),
    ("run", "sandbox-helper.1/newfstatat", "EACCES", "the root is not the one that was built", 38),
    ("run", "sandbox-helper/epoll_create1", "EMFILE", "cannot make the event loop", 1),
    ("run", "sandbox-helper/epoll_wait", "ENOMEM", "cannot wait for events", 1),
    ("run", "sandbox-helper/epoll_ctl", "EPERM", "cannot watch a descriptor", 1),
    ("run", "sandbox/flock", "EINTR", "cannot lock the record of the instance", 2),
    ("run", "sandbox/renameat2", "EPERM", "cannot make the record of the instance", 1),
    ("run", "sandbox/openat", "EMFILE", "cannot open", 31),
    ("run", "sandbox/openat", "EMFILE", "cannot open the runtime folder", 30),
    ("run", "sandbox/renameat", "EPERM", "cannot write the record of the instance", 2),
    ("run", "sandbox/fcntl", "EMFILE", "cannot open /dev/null for a closed standard descriptor", 1),
    ("run", "sandbox/openat", "EMFILE", "cannot read the folder", 11),
    ("run", "sandbox/openat2", "EMFILE", "cannot open the folder", 17),
    ("run", "sandbox/readlink", "EPERM", "cannot tell the true path of", 11),
    ("run", "sandbox-helper/close_range", "EPERM", "cannot close the caller's descriptors", 1),
    ("run", "sandbox-helper/prctl", "EPERM", "cannot take the helper's name", 1),
    ("run", "sandbox/readlink", "EACCES", "cannot find this program's own file", 2),
    ("terminal", "sandbox-helper.1/open_tree", "EMFILE", "cannot bind /dev/console", 24),
    ("terminal", "sandbox-helper.1.1/openat2", "EMFILE", "cannot open /dev/console inside", 1),
    ("terminal", "sandbox-helper.1/ioctl", "EPERM", "cannot open the terminal", 2),
    ("terminal", "sandbox-helper.1.1/dup2", "EMFILE", "cannot put the terminal in place", 1),
    ("terminal", "sandbox-helper.1.1/ioctl", "EPERM", "cannot take the terminal", 5),
    ("terminal", "sandbox-helper.1/ioctl", "EPERM", "cannot unlock the terminal", 1),
    ("terminal", "sandbox-helper.1/newfstatat", "EACCES", "the terminal is not one of the sandbox's own devpts", 38),
    ("terminal", "sandbox-helper/fcntl", "EMFILE", "cannot reach the caller's terminal", 1),
    ("terminal", "sandbox-helper/fcntl", "EMFILE", "cannot use the sandbox's terminal", 2),
    ("guest", "sandbox-helper.1/setns", "EPERM", "cannot join the namespaces of the running sandbox", 1),
    ("guest", "sandbox-helper.1/prctl", "EPERM", "cannot tie the guest to its launcher", 3),
    ("guest", "sandbox/recvmsg", "EPERM", "cannot hear the supervisor", 1),
    ("guest", "sandbox/socket", "EMFILE", "cannot reach the supervisor of", 1),
    ("bus", "sandbox-helper.1/capget", "EPERM", "capabilities are left after they were dropped", 2),
    ("bus", "sandbox-helper/readlink", "EACCES", "cannot find the folder for sockets", 1),
    ("bus", "sandbox-helper/newfstatat", "EACCES", "cannot look at the folder for sockets", 2),
    ("bus", "sandbox-helper/mkdirat", "ENOSPC", "cannot make a folder for sockets", 1),
    ("bus", "sandbox-helper/openat", "EMFILE", "cannot open the folder for sockets", 2),
    ("bus", "sandbox-helper.1/prctl", "EPERM", "cannot forbid new privileges", 210),
    ("bus", "sandbox-helper/renameat", "ENOSPC", "cannot write the record of the instance", 1),
    ("bus", "sandbox-helper.1/fcntl", "EMFILE", "cannot arrange its descriptors", 1),
    ("bus", "sandbox-helper/pipe2", "EPERM", "cannot make a pipe for a sidecar", 1),
    ("bus", "sandbox-helper.1/unshare", "EPERM", "cannot make its namespaces", 1),
    ("chroot", "sandbox-helper.1/openat2", "EMFILE", "cannot open", 40),
    ("integrate", "sandbox/memfd_create", "EMFILE", "cannot make the memory file", 1),
    ("integrate", "sandbox/fcntl", "EMFILE", "cannot seal the memory file", 4),
    ("integrate", "sandbox/lseek", "EPERM", "cannot hand the question on", 1),
    ("integrate", "sandbox/mmap", "ENOMEM", "cannot start", 1),
    ("integrate", "sandbox/wait4", "EPERM", "cannot wait for sandbox-desktop", 1),
    ("kill", "sandbox/pidfd_send_signal", "EPERM", "cannot signal", 1),
    ("mounts", "sandbox-helper.1.1/capget", "EPERM", "is not known to this kernel", 1),
    ("mounts", "sandbox-helper.1/setdomainname", "EPERM", "cannot set", 1),
    ("mounts", "sandbox-helper.1/mkdirat", "ENOSPC", "cannot make the layers of", 29),
    ("mounts", "sandbox-helper.1/openat2", "EMFILE", "cannot open", 22),
    ("mounts", "sandbox-helper.1/openat2", "EMFILE", "cannot open the layers of", 24),
    ("ranges", "sandbox-helper.1.1/setresgid", "EPERM", "cannot become group", 1),
    ("ranges", "sandbox-helper.1.1/setresuid", "EPERM", "cannot become user", 1),
    ("ranges", "sandbox-helper.1.1/prctl", "EPERM", "cannot change the user", 1),
    ("ranges", "sandbox-helper.1/fchownat", "EPERM", "to the user inside", 1),
]


def range_of(path, name):
    with open(path) as file:
        return next(line.split(":")[1] for line in file if line.startswith(f"{name}:"))


def prepare(user):
    user.make_home()
    places = {"%UID%": user.uid, "%GID%": user.gid, "%UIDS%": range_of("/etc/subuid", user.name), "%GIDS%": range_of("/etc/subgid", user.name)}
    for name, text in PROFILES.items():
        for place, value in places.items():
            text = text.replace(place, str(value))
        user.write(f".config/sandbox/apps/{name}.toml", text)
    user.write(".local/share/applications/some.desktop", "[Desktop Entry]\nType=Application\nName=Some\nExec=/bin/true %f\n")
    user.write("papers/inner/b.txt", "inner\n")
    user.own()


def make_again(user, scene):
    if scene in AGAIN:
        subprocess.run(["/bin/sh", "-ec", AGAIN[scene]], cwd=user.home, check=True)


def usual(user, kind):
    """The stops of an unbroken start."""
    if kind.name in OTHER_WAY:
        user.start([], (), False, SCENES[OTHER_WAY[kind.name]])
    seen = user.start([], STANDING.get(kind.name, ()), False, kind)
    make_again(user, kind.name)
    if seen.status != 0 and kind.name not in UNUSUAL:
        raise RuntimeError(f"the start to be broken does not work: {kind.name}: {seen.status} {seen.err}")
    return [stop["stop"] for stop in seen.trace["stops"]]


def said(user, row, stops):
    """Empty: the words were said. Else what was said instead."""
    scene, call, error, words, near = row
    kind, heard = SCENES[scene], []
    found = sorted((stop for stop in stops if stop.startswith(f"{call}#")), key=lambda stop: abs(int(stop.split("#")[1]) - near))
    for stop in found * 3:  # who ends at once may be missed before it is heard, and then that is what is told
        if scene in OTHER_WAY:
            user.start([], (), False, SCENES[OTHER_WAY[scene]])
        deed = ("--run", stop, error[1:]) if error.startswith("!") else ("--fail", stop, error)
        outcome = user.start([], (*deed, *STANDING.get(scene, ())), False, kind)
        make_again(user, scene)
        lines = outcome.err.splitlines()
        if any(line.startswith("sandbox: ") and words in line for line in lines):
            return ""
        heard += lines
    return f"{scene}: {call} {error}: never '{words}', but {sorted(set(heard))[:12]}"


@contextlib.contextmanager
def a_manager(user):
    """What looks like the socket of a user's systemd."""
    folder = os.path.join(user.runtime, "systemd")
    os.mkdir(folder)
    with open(os.path.join(folder, "private"), "w") as file:
        os.chown(folder, user.uid, user.gid)
        os.chown(file.fileno(), user.uid, user.gid)
    yield
    shutil.rmtree(folder)


def installed_setuid(user):
    """A copy of the program that root made set-user-id does nothing."""
    copy = f"/var/tmp/sandbox-setuid-{user.uid}"
    shutil.copy(SANDBOX, copy)
    os.chmod(copy, 0o4755)
    done = subprocess.run([copy, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, env=user.environment, cwd=user.home,
                          user=user.uid, group=user.gid, extra_groups=[])
    os.unlink(copy)
    said_so = done.returncode == 125 and done.stderr == "sandbox: this program must not be installed setuid; it needs no privileges\n"
    return [] if said_so else [f"set-user-id: {done.returncode} {done.stdout} {done.stderr}"]


def without_a_call(user):
    """What is said in a group without controllers, and to who stands outside of it."""
    rows = (("update", ["update", "--pids", "5", HOST], "pids.max cannot be set: its controller is not delegated to this user"),
            ("oom", ["oom", HOST], "there are no events of the memory limit: the controller 'memory' is not delegated to this user"),
            ("guest", ["exec", HOST, *TRUE], f"this process stands in a control group from which that of '{HOST}' cannot be entered"))
    problems = []
    with user.grouped(SCENES["pause"]), user.beside(SCENES["pause"]):
        for name, words, wanted in rows:
            group, user.group = user.group, None if name == "guest" else user.group
            done = user.sandbox(*words)
            user.group = group
            if done.returncode != 125 or done.stdout or not (done.stderr.startswith("sandbox: ") and wanted in done.stderr and done.stderr.count("\n") == 1):
                problems.append(f"{name}: never '{wanted}', but {done.returncode} {done.stdout} {done.stderr}")
    return problems


def groups():
    """Rows of one scene, some at a time, so that several users have work; first those that wait for deadlines of the program."""
    for scene in dict.fromkeys(("hangs", "integrate", "pause", "learned", "terminal", *(row[0] for row in ROWS))):
        rows = [row for row in ROWS if row[0] == scene]
        yield from ((scene, rows[at:at + 12]) for at in range(0, len(rows), 12))


def judge(user, group):
    """(what was not said, how many were)."""
    scene, rows = group
    with user.grouped(SCENES[scene]), user.beside(SCENES[scene]), a_manager(user) if scene == "session" else contextlib.nullcontext():
        stops = usual(user, SCENES[scene])
        problems = [problem for row in rows if (problem := said(user, row, stops))]
    user.left(after_next_verb=True)
    return problems, len(rows) - len(problems)
