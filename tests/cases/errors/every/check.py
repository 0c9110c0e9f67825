"""Every error that a command line or a profile can provoke, one example each: status, and one line that holds these words.

tests/lint/errors finds here the messages that no other test provokes.
"""
import shutil

from support import *

works()
environment = {**os.environ}
profile = f"{HOME}/p.toml"
head = 'schema = 1\napp.exec = ["/bin/true"]\n'
os.makedirs(f"{HOME}/folder/inner")
os.makedirs(f"{HOME}/.config/sandbox/apps")
with open(f"{HOME}/file", "w") as file:
    file.write("text\n")
os.symlink("loop", f"{HOME}/loop")

# words of the command line after `sandbox`, the status, the words of the message
WORDS = [
    ((), 2, "no verb is named"),
    (("profile",), 2, "no verb is named after 'profile'"),
    (("prfile",), 2, "unknown verb 'prfile'; did you mean 'profile'?"),
    (("profile", "shwo"), 2, "unknown verb 'profile shwo'"),
    (("run",), 2, "no application is named"),
    (("run", "--set"), 2, "option '--set' needs an argument: KEY=VALUE"),
    (("run", "--dry-run=x", "minimal"), 2, "option '--dry-run' takes no argument"),
    (("run", "--id", "../x", "minimal"), 125, "'../x' is not allowed"),
    (("exec",), 2, "no instance is named"),
    (("exec", "some"), 2, "no command is named"),
    (("state",), 2, "no instance is named"),
    (("state", "a", "b"), 2, "'b': expected one instance only"),
    (("state", "nobody"), 125, "no running instance is called 'nobody'"),
    (("ps", "x"), 2, "'x': ps takes no instance"),
    (("wait", "--timeout", "x", "y"), 2, "--timeout: expected a whole number of seconds"),
    (("doctor", "x"), 2, "'x': doctor takes no name"),
    (("score",), 2, "expected one profile"),
    (("score", "--threshold", "11", "minimal"), 2, "--threshold: expected a number from 0 to 10, as 4.5"),
    (("profile", "list", "x"), 2, "'x': profile list takes no name"),
    (("profile", "show", "--set", "x", "minimal"), 2, "expected KEY=VALUE"),
    (("profile", "diff"), 2, "expected one profile, or two"),
    (("profile", "why", "minimal"), 2, "expected an app and what to ask about"),
    (("profile", "why", "minimal", "word"), 2, "'word' could be many things"),
    (("profile", "why", "minimal", "net::80"), 2, "':80' is no host and port"),
    (("profile", "why", "minimal", "env:A=B"), 2, "'A=B' cannot be the name of an environment variable"),
    (("profile", "why", "minimal", "syscall:nosuch"), 2, "there is no system call 'nosuch'"),
    (("profile", "new"), 2, "expected one program or .desktop file"),
    (("profile", "new", "bin/x"), 127, "'bin/x' is no program with an absolute path"),
    (("profile", "new", "no-such-program"), 127, "there is no program 'no-such-program' in PATH"),
    (("profile", "import", "flatpak", "x"), 2, "expected 'firejail' and its files"),
    (("profile", "import", "firejail", "/bin/ls"), 125, "' is no profile: it holds a NUL byte"),
    (("run", "--detach", "--tty", "minimal"), 2, "what is detached has no terminal and no parent"),
    (("run", "--detach", "--log-denials", "minimal"), 2, "nobody is there to be told at the end of what is detached"),
    (("run", "--bind", "notes:rw", "minimal"), 125, "'notes' is no absolute path; write $PWD/notes"),
    (("run", "--bind", "/no/such", "minimal"), 125, "'/no/such' is not there; make it, or look how it is written"),
    (("run", "--rlimit", "nofile", "minimal"), 2, "--rlimit nofile: expected NAME=SOFT[:HARD]"),
    (("run", "--set", "home.mode", "minimal"), 2, "--set home.mode: expected KEY=VALUE"),
    (("run", "--cap-add", "NET_RAW", "minimal"), 125, "unknown capability 'NET_RAW'; did you mean 'CAP_NET_RAW'?"),
    (("run", "--cap-add", "net_raw", "minimal"), 125, "did you mean 'CAP_NET_RAW'?"),
    (("run", "--cap-add", "all", "minimal"), 125, "unknown capability 'all'; capabilities(7) names them"),
    (("run", "--set", "services.camera=yes", "minimal"), 125, "the service 'camera' has no modes, and 'yes' is one; write true or false"),
    (("run", "--set", "services.x11=yes", "minimal"), 125, "unknown mode 'yes' of the service 'x11'"),
    (("run", "--set", 'files."$HOME/x"="ro"', "minimal"), 125, "path '$HOME/x' names a variable as a shell does; write '${HOME}/x'"),
    (("profile", "learn"), 2, "no program is named"),
    (("run", "--id", "", "minimal"), 2, "an empty --id names no instance"),
    (("run", "--json", "minimal"), 2, "--json has a meaning with --dry-run only"),
    (("features", "x"), 2, "'x': features takes no argument"),
    (("top", "x"), 2, "'x': top takes no instance"),
    (("top", "--interval", "0"), 2, "--interval: expected a whole number of seconds from 1 to 3600"),
    (("stats", "--interval", "0", "x"), 2, "--interval: expected a whole number of seconds from 1 to 86400"),
    (("selftest", "x"), 2, "'x': expected options only"),
    (("restore", "--image-path", "/x", "x"), 2, "'x': restore takes no instance"),
    (("restore",), 2, "no folder of images is named"),
    (("update", "x"), 2, "no limit is given"),
    (("update", "--set", "home.mode=app", "x"), 2, "expected limits.NAME=VALUE"),
    (("update", "--set", "limits.required=true", "x"), 2, "'limits.required' says whether a sandbox starts, and this one runs; leave it out, or set it in the profile"),
    (("update", "--set", "limits.memory.min=1", "x"), 2, "unknown limit 'memory.min'; did you mean 'memory.max'?"),
    (("update", "--set", "limits.memory.swap.high=1", "x"), 2, "unknown limit 'memory.swap.high'"),
    (("update", "--set", "limits.memory.oom.group=true", "x"), 2, "unknown limit 'memory.oom.group'"),
    (("update", "--set", "limits.memory.max=true", "x"), 2, "'memory.max': expected a number or text, found 'true'"),
    (("update", "--set", 'limits."memory.max"="1G"', "--cpus", "1.5", "--set", "limits.oom.group=true", "nobody"), 125, "no running instance is called 'nobody'"),
    (("config", "--from-oci", "/bin/ls", "minimal"), 2, "--from-oci stands alone"),
    (("config", "--profile", "minimal", "/bin/true"), 2, "a profile holds no command of one start, and options stand before the application's name"),
    (("integrate", "--check", "--undo"), 2, "--check and --undo exclude each other"),
    (("integrate", "/some/file.toml"), 2, "' is a file, and menus name profiles"),
]
# lines of a profile, the words of the message
LINES = [
    ("env.set.\"1A\" = \"x\"", "'1A' cannot be the name of an environment variable"),
    ("app.extends = [\"!class/desktop\"]", "'!class/desktop': what is extended cannot be taken back"),
    ("env.set.\"\" = \"x\"", "'set': an empty name"),
    ("root.etc = ]", "invalid TOML: ']' closes nothing"),
    ("root.\u00e9tc = 1", "invalid TOML: only ASCII may stand outside of quotes"),
    ("home.path = \"/usr\"", "the home cannot be '/usr' inside"),
    ("limits.memory.max = \"4X\"", "limits.memory.max: '4X' is no value of it"),
    ("files.\"${HOME}/folder\" = \"rw\"\nfiles.\"${HOME}/folder/none\" = \"deny\"", "is denied but not there, in a folder that the app may write ('"),
    ("files.\"/srv/none/none\" = { access = \"ro\", create = true }", "is not there, and is made only below the home and outside of what an app may write"),
    ("files.\"${HOME}\" = \"ro\"", "' is the whole home"),
    ("files.\"/run/dbus/system_bus_socket\" = \"ro\"", "' is the way to programs outside of the sandbox, to read it or to write"),
    ("files.\"${HOME}/loop\" = \"ro\"", "' leads through too many links"),
    ("files.\"${HOME}/folder\" = { access = \"ro\", target = \"/proc/x\" }", "/proc is the sandbox's own, with nothing of another's in it"),
    ("files.\"${HOME}/folder\" = { access = \"ro\", target = \"/\" }", "it is the root"),
    ("files.\"${HOME}/folder\" = { access = \"ro\", target = \"/usr\" }", "the system's programs are there; set root.source instead"),
    ("files.\"/proc/1\" = \"ro\"", "the /proc of the host shows every process"),
    ("root.source = \"${HOME}/file\"", "' is no folder"),
    ("root.source = \"/\"", "root.source: the whole of '/' cannot be the root"),
    ("mount = [{ type = \"tmpfs\", target = \"/x\", mode = 0o4777 }]", "mode: permission bits go up to 0o1777"),
    ("mount = [{ type = \"data\", target = \"/x\", source = \"t\", mode = 0o1777 }]", "mode: permission bits go up to 0o777"),
    ("mount = [{ type = \"tmpfs\", target = \"/x\", size = \"0\" }]", "size: a tmpfs of no bytes holds nothing"),
    ("namespaces.ipc = \"host\"\nmount = [{ type = \"mqueue\", target = \"/x\" }]", "mqueue cannot be mounted with the ipc namespace of the host"),
    ("network.mtu = 1500", "network.mtu has a meaning with network.mode = \"user\" only"),
    ("network.mode = \"user\"\nnetwork.mtu = 5", "network.mtu must be from 1280 to 65520"),
    ("network.mode = \"user\"\nnetwork.address = \"10.0.0.1/40\"", "network.address: '10.0.0.1/40' has no prefix of 0 to 32 bits"),
    ("process.seccomp.deny = [\"ioctl(arg1 < 0)\"]", "a comparison in it never or always holds"),
    ("process.caps = [\"CAP_SYS_ADMIN\"]", "CAP_SYS_ADMIN cannot be kept: the app could take its sandbox apart"),
    ("lsm.selinux-mount = \"x\"", "this host has no SELinux"),
    ("lsm.apparmor = \"a b\"", "a label is printable, without spaces, and at most 512 bytes"),
    ("process.no-new-privileges = false", "process.no-new-privileges = false is not possible with a system call filter or Landlock"),
    ("home.mode = \"app\"\nhome.persist = [\"${HOME}/x\"]", "home.persist: '${HOME}/x' is not a path below the home"),
    ("files.\"${HOME}/folder\" = { access = \"ro\", target = \"/dev/pts/x\" }", "' cannot be mounted below '"),
    ("files.\"${HOME}/folder\" = { access = \"ro\", target = \"/x\" }\nfiles.\"${HOME}/file\" = { access = \"ro\", target = \"/x/inner\" }", "' cannot be mounted: a folder stands there in '"),
    ("files.\"${HOME}/folder\" = { access = \"ro\", target = \"/x\" }\nfiles.\"${HOME}/file\" = { access = \"ro\", target = \"/x/none\" }", "the mount point '/x/none' is missing in '/x', a folder of the host or of the app"),
    ("files.\"${HOME}/folder\" = { access = \"ro\", target = \"/x\" }\nmount = [{ type = \"data\", target = \"/x/new\", source = \"t\" }]", "' would have to be made in '/x', a folder of the host"),
    ("mount = [{ type = \"symlink\", target = \"/a\", source = \"/b\" }, { type = \"symlink\", target = \"/b\", source = \"/a\" }, { type = \"tmpfs\", target = \"/a/x\" }]", "' inside leads through too many links"),
    ("app.exec = [\"/none/a\", \"/none/b\"]", "none of the programs '/none/a', '/none/b' is there"),
    ("ids.uid-map = [{ inside = 0, outside = 4000000000, count = 4000000000 }]", "ids"),
]
# a profile, and what `profile check` says of it
CHECKED = [
    ('env.set.A = "1"\nenv.unset = ["A"]', "env.set.A is removed again by env.unset at "),
    ('process.seccomp.allow = ["mount"]\nprocess.seccomp.deny = ["mount"]', "process.seccomp.allow: 'mount' is denied at "),
    ('process.seccomp.allow = ["mount"]\nprocess.seccomp.deny = ["mount"]', ", and deny wins"),
    ('mask.paths = ["!/nobody/put/this"]', " takes out what nobody put in"),
    ('files."/opt" = { access = "ro", optional = true }\nfiles."/opt/x" = { access = "ro", optional = true }', " lies in what "),
    ('files."/srv" = { access = "ro", optional = true, target = "/x" }\nmount = [{ type = "tmpfs", target = "/x" }]', "the mount point '/x' is claimed twice, at "),
    ('dbus.session."org.example.*" = "talk"\ndbus.session."org.example.One" = "talk"', "the bus name 'org.example.One' is granted alike by 'org.example.*' at "),
    ('env.keep = ["*"]', "env.keep holds '*': every variable of the caller"),
    ('process.seccomp.base = "none"', 'process.seccomp.base = "none" lets every system call through'),
    ('dbus.session."org.*" = "talk"', "the bus name 'org.*' is wide"),
    ('files."${CONFIG}" = { access = "ro", optional = true }', " is wide: it holds '"),
    ('files."/etc" = { access = "ro", optional = true }', " is wide: it holds '"),
    ('files."/var" = { access = "ro", optional = true }', " is wide: all programs keep theirs there"),
]


def asked(arguments, status, *words):
    done = run(SANDBOX, *arguments, env=environment, cwd=HOME)
    one_error(done, status, *words)


for arguments, status, words in WORDS:
    asked(arguments, status, words)
for lines, words in LINES:
    with open(profile, "w") as file:
        file.write((head if not lines.startswith("app.exec") else "schema = 1\n") + lines + "\n")
    asked(("explain", profile), 127 if words.startswith("none of the programs") else 125, words, "p.toml:" if "INVALID" not in words else words)

for lines, words in CHECKED:
    with open(profile, "w") as file:
        file.write(head + lines + "\n")
    done = run(SANDBOX, "profile", "check", profile, env=environment)
    check(words in done.stdout and f"{profile}:" in done.stdout, f"{words!r} is not told of {lines!r}:\n{done.stdout}{done.stderr}")

# Ids with ranges, and what needs the records of running apps.
ranges = 'ids.uid-map = [{ inside = 0, outside = 0, count = 1 }, { inside = 1, outside = 100000, count = 10 }]\n'
with open(profile, "w") as file:
    file.write(head + ranges)
done = run(SANDBOX, "run", "--log-denials", profile, env=environment)
check(done.returncode == 125 and ("an app with ranges of ids cannot be watched" in done.stderr or "ids" in done.stderr), done.stderr)
with subprocess.Popen([*MINIMAL, "--id", "twin-1", "--", "/bin/sh", "-c", "echo up; read line"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one, \
        subprocess.Popen([*MINIMAL, "--id", "twin-2", "--", "/bin/sh", "-c", "echo up; read line"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as two:
    for process in (one, two):
        equal(process.stdout.readline(), "up\n", "the app's first word")
    asked(("state", "twin"), 125, "' fits several: ")
    asked(("run", "--id", "twin-1", "minimal"), 125, "an instance with the id 'twin-1' is running already")
    asked(("wait", "--timeout", "0", "twin-1"), 125, "it has not ended in that time")
    asked(("exec", "--env", "x", "twin-1", "true"), 2, "expected NAME=VALUE")
    asked(("exec", "--cwd", "/proc", "twin-1", "true"), 125, "the working folder cannot be below /proc")
    for process in (one, two):
        process.communicate("\n", timeout=20)

# A stdout that cannot be written is told, but for one that nobody reads any more.
with open("/dev/full", "w") as full:
    done = subprocess.run([SANDBOX, "--help"], stdout=full, stderr=subprocess.PIPE, text=True)
equal((done.returncode, done.stderr.splitlines()), (125, ["sandbox: cannot write to stdout: write: No space left on device; make room there"]), "a full device")
reading, writing = os.pipe()
os.close(reading)
done = subprocess.run([SANDBOX, "--help"], stdout=writing, stderr=subprocess.PIPE, text=True, restore_signals=False)
equal((done.returncode, done.stderr), (125, ""), "a pipe that nobody reads")
os.close(writing)

# A descriptor of a folder would be a way around the mounts.
folder = os.open(HOME, os.O_RDONLY)
one_error(run(*MINIMAL, "--", "/bin/true", stdin=folder), 125, "descriptor 0", "is a folder of the host, or a mere path")
os.close(folder)

# The program has to find its own parts.
os.makedirs(f"{HOME}/bin")
shutil.copy(SANDBOX, f"{HOME}/bin/sandbox")
one_error(run(f"{HOME}/bin/sandbox", "run", "minimal"), 125, "cannot find sandbox-helper near '")
for name in ("libexec/sandbox/sandbox-helper", "libexec/sandbox/sandbox-session", "share/sandbox"):
    source, target = os.path.join(os.path.dirname(SANDBOX), "..", name), f"{HOME}/{name}"
    os.makedirs(os.path.dirname(target), exist_ok=True)
    (shutil.copytree if os.path.isdir(source) else shutil.copy)(source, target)
one_error(run(f"{HOME}/bin/sandbox", "selftest"), 125, "cannot find sandbox-probe near '")
os.mkdir(f"{HOME}/.config/sandbox/apps/folder.toml")
asked(("explain", "folder"), 125, "the profile '", "' is not a file")
os.rmdir(f"{HOME}/.config/sandbox/apps/folder.toml")
os.chmod(f"{HOME}/.config/sandbox/apps", 0)
asked(("explain", "shell"), 125, "apps")
os.chmod(f"{HOME}/.config/sandbox/apps", 0o700)
environment.update(XDG_RUNTIME_DIR="/usr")
asked(("state", "x"), 125, "the runtime folder '/usr' is not this user's own")
