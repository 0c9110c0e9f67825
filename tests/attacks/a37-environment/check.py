"""A37 (CVE-2021-21261, CVE-2016-10122): variables of the caller reach the programs that we run beside the application, or our own."""
from attack import *

canary = Canary()
evil = f"{HOME}/evil"
os.mkdir(evil)
HOSTILE = {name: f"{evil}/{name}" for name in ("LD_PRELOAD", "LD_AUDIT", "LD_LIBRARY_PATH", "GCONV_PATH", "GIO_EXTRA_MODULES", "GIO_MODULE_DIR", "GTK_MODULES", "GTK_PATH", "GTK3_MODULES", "QT_PLUGIN_PATH",
                                               "PYTHONPATH", "PERL5LIB", "BASH_ENV", "ENV", "LOCPATH", "NLSPATH", "MALLOC_TRACE", "GLIBC_TUNABLES", "TMPDIR", "GSETTINGS_BACKEND", "LIBSECCOMP_X", "RESOLV_HOST_CONF",
                                               "HOSTALIASES", "G_MESSAGES_DEBUG", "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "SSH_AUTH_SOCK")}
for name in ("newuidmap", "newgidmap", "pasta", "slirp4netns", "xdg-dbus-proxy", "sandbox-helper", "sandbox-session", "sh"):
    with open(f"{evil}/{name}", "w") as file:
        file.write(f"#!/bin/sh\necho taken >{canary.folder}/taken\n")
    os.chmod(f"{evil}/{name}", 0o755)
hostile = dict(os.environ, **HOSTILE)
hostile["PATH"] = f"{evil}:/usr/bin:/bin"
EXEC = re.compile(r'execve(?:at)?\((?:\d+, )?"([^"]*)", \[(.*?)\], (?:0x[0-9a-f]+ /\*.*?\*/|\[(.*)\])')


def programs(*command):
    """Program → environment, of each that was run."""
    log = f"{HOME}/exec.log"
    done = run("strace", "-f", "-v", "-s", "4096", "-e", "trace=execve,execveat", "-o", log, *command, env=hostile, timeout=60)
    with open(log, errors="replace") as file:
        return done, [(match[1], match[2], match[3] or "") for line in file if " = -1" not in line for match in EXEC.finditer(line)]


hostile.pop("LD_PRELOAD"), hostile.pop("LD_AUDIT")  # strace itself would not start
if WAY == "user":
    _, seen = programs(*BWRAP, "/bin/true")
    control(any("GCONV_PATH" in variables for path, _, variables in seen if path.endswith("/true")), f"bubblewrap passes them on: {seen}")
USER = os.environ.get("TEST_USER", os.environ["USER"])  # root maps any range, without a tool
ranges = profile('[ids]\nuid-map = [{ inside = 0, outside = %d, count = 1 }, { inside = 1, outside = %d, count = 100 }]\n'
                 'gid-map = [{ inside = 0, outside = %d, count = 1 }, { inside = 1, outside = %d, count = 100 }]\nuid = 0\ngid = 0\n'
                 % (os.getuid(), int(open("/etc/subuid").read().split(USER + ":")[1].split(":")[0]), os.getgid(),
                    int(open("/etc/subgid").read().split(USER + ":")[1].split(":")[0])))
ran = set()
os.makedirs(f"{RUNTIME}/systemd", exist_ok=True)
host = subprocess.Popen([SANDBOX, "run", "--profile", "minimal", "--id", "hostile-guests", "--", "/bin/sleep", "60"])
atexit.register(host.wait)
atexit.register(host.kill)
wait_until("a sandbox for guests", lambda: verb("exec", "hostile-guests", "--", "/bin/true").returncode == 0)
for name, words in (("minimal", ["run", "--profile", "minimal", "--"]), ("shell", ["run", "--profile", "shell", "--"]), ("ranges", ["run", "--profile", ranges, "--"]), ("a guest", ["exec", "hostile-guests", "--"])):
    done, seen = programs(SANDBOX, *words, "/usr/bin/env")
    check(len(seen) >= (1 if name == "a guest" else 2), f"{name}: few programs: {seen} {done}")
    first = next(number for number, (path, _, _) in enumerate(seen) if path == SANDBOX)
    for path, words, variables in seen[first + 1:]:
        ran.add(os.path.basename(path) or words.split('"')[1])
        check(not path.startswith(evil), f"{path} was taken from the caller's PATH")
        bad = [variable for variable in HOSTILE if f'"{variable}=' in variables]
        check(not bad, f"{path} {words} was given {bad}")
    check((name == "ranges" or "HOME=" in done.stdout) and not [variable for variable in HOSTILE if f"{variable}=" in done.stdout], f"{name}: the application was given some: {done.stdout}")
check({"env", *(["newgidmap"] if WAY == "user" else [])} <= ran, f"programs that ran: {ran}")
# What the caller said and had is not to be read from process 1 either, which was the launcher's own process before.
done = run(SANDBOX, "run", "--profile", "minimal", "--", "/bin/cat", "/proc/1/cmdline", env=hostile)
check(done.stdout.startswith("sandbox-helper\0") and not re.search(r"[^\0-9-]", done.stdout[len("sandbox-helper"):]), f"the words of process 1: {done}")
done = run(SANDBOX, "run", "--profile", "minimal", "--", "/bin/cat", "/proc/1/environ", env=hostile)
equal(done.stdout, "", "the variables of process 1")
# Also where they would be read by our own programs: both are static.
for program in (SANDBOX, os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "libexec/sandbox/sandbox-helper")):
    check(b"/ld-linux" not in open(program, "rb").read(), f"{program} has a dynamic linker")
if WAY != "nested":  # the program that stands before ours there is a dynamic one
    done = run(SANDBOX, "run", "--profile", "minimal", "--", "/bin/echo", "it runs", env=dict(hostile, LD_PRELOAD=f"{evil}/x.so", LD_AUDIT=f"{evil}/x.so"))
    equal((done.stdout, done.stderr), ("it runs\n", ""), "with LD_PRELOAD")
canary.unchanged("after all")
