"""`sandbox config` prints a whole profile: read back it gives the same plan, for every shipped profile and for every kind of option."""
from runtime.helpers import *
import glob

works()


def plan_of(*words):
    """The plan without what names the file that asked, and the ids of this one look."""
    done = run(SANDBOX, "explain", "--json", *words)
    if done.returncode != 0:
        return done.stderr.splitlines()[-1].split(": ", 2)[-1].split(";")[0]
    def bare(value):
        if isinstance(value, list):
            return [bare(item) for item in value]
        return {key: bare(item) for key, item in value.items() if key not in ("origin", "profile", "instance")} if isinstance(value, dict) else value
    return bare(json.loads(done.stdout))


def same(*words):
    text = succeeds(run(SANDBOX, "config", *words), f"config {words}")
    path = f"{HOME}/printed.toml"
    with open(path, "w") as file:
        file.write(text)
    wanted, found = plan_of(*words), plan_of("--profile", path)
    if isinstance(wanted, str):  # what it names is not installed: then both say so
        equal(found.split("'")[0], wanted.split("'")[0], f"the error of {words}")
        return text
    for key in wanted:
        equal(found[key], wanted[key], f"{key} of {words}, read back")
    # And what is printed of what was printed is the same text.
    equal(succeeds(run(SANDBOX, "config", "--profile", path), "config of it"), text, f"config of config {words}")
    return text


folder = os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "share/sandbox/apps")
names = sorted(os.path.basename(path)[:-5] for path in glob.glob(f"{folder}/*.toml"))
check(len(names) >= 3, f"profiles in {folder}: {names}")
for name in names:
    same(name)

os.makedirs(f"{HOME}/odd \"name\"")
text = same("--bind", f"{HOME}/Downloads:rw", "--bind", f"{HOME}/odd \"name\":/opt/odd", "--env", "ODD=a\"b\\c\td", "--unsetenv", "LANG", "--cwd", "/usr/share", "--net", "loopback",
            "--home", "shared", "--user", "7:8", "--hostname", "other", "--memory", "2G", "--cpus", "1.5", "--pids", "99", "--rlimit", "nofile=64:128", "--rlimit", "core=0:unlimited",
            "--cap-add", "CAP_NET_RAW", "--tty", "org.sandbox.demo")
for needle in ("memory.max", "CAP_NET_RAW", 'mode = "loopback"', 'terminal = "always"'):
    check(needle in text, f"{needle} is not in {text}")
# What a layer took out of the base stays out, and a path that two layers write in two ways has the stronger one's word.
text = same("--set", 'env.keep=["!LANG", "MINE"]', "--set", 'mask.paths=["!/proc/acpi", "/usr/games"]', "--bind", f"{HOME}/.ssh", "--set", "process.seccomp.base=strict",
            "--set", 'process.seccomp.deny=["@debug", "ioctl(arg1 == 0x5401)"]', "--set", 'mount=[{type="tmpfs", target="/opt/x", size="3M", mode="0711"}, {type="data", target="/etc/odd", source="a\\nb"}]',
            "--set", 'ids.gid-map=[{inside=%d, outside=%d, count=1}]' % (os.getgid(), os.getgid()), "org.sandbox.demo")
check('"!LANG"' in text and '"!/proc/acpi"' in text, f"what was taken out: {text}")
# Without an application: the defaults and the options.
text = succeeds(run(SANDBOX, "config", "--net", "loopback"), "config of nothing")
check('mode = "loopback"' in text and "[app]" not in text, f"the defaults alone: {text}")
# It runs, from any folder, under the name of the file.
with open(f"{HOME}/printed.toml", "w") as file:
    file.write(succeeds(run(SANDBOX, "config", "--set", "app.exec=[\"!/bin/sh\", \"/bin/echo\"]", "--set", "app.args=[\"it runs\"]", "--profile", "minimal"), "config of minimal"))
says(run(SANDBOX, "run", f"{HOME}/printed.toml"), "it runs\n", "what was printed")

one_error(run(SANDBOX, "config", "org.sandbox.demo", "word"), 2, "no command")
one_error(run(SANDBOX, "config", "--profile", "minimal", "--", "/bin/true"), 2, "no command")
one_error(run(SANDBOX, "config", "no.such.app"), 127, "no.such.app")
one_error(run(SANDBOX, "config", "--id", "x", "org.sandbox.demo"), 2, "--id")
# What says how one start goes on is no part of a profile, and no option here.
offered = run(SANDBOX, "config", "--help").stdout
check("--memory SIZE" in offered, f"the control: {offered}")
for option in ("--detach", "--log-denials", "--live", "--dry-run", "--verbose", "--json", "--die-with-parent"):
    one_error(run(SANDBOX, "config", option, "org.sandbox.demo"), 2, f"unknown option '{option}'")
    check(option not in offered, f"{option} is offered: {offered}")
one_error(run(SANDBOX, "config", "--set", "home.mode=odd", "org.sandbox.demo"), 125, "odd")
