"""What the attacks share: a canary tree, ways to start a sandbox, and launchers that lack a defence."""
import atexit
import functools
import os
import shutil
import stat
import subprocess
import sys
import tempfile

WAY = os.environ.get("WAY", "user")  # or root, or nested: by whom our programs are started, and below which namespace


def folders_of_root():
    """A home and a runtime folder of root's own, before anything asks for them. A root that is mapped alone may not into the user's."""
    for name, parent in (("HOME", "/var/tmp"), ("XDG_RUNTIME_DIR", "/run")):
        os.environ[name] = tempfile.mkdtemp(prefix="sandbox-root.", dir=parent)
        atexit.register(shutil.rmtree, os.environ[name], True)
    for folder in ("Downloads", ".ssh"):
        os.mkdir(os.path.join(os.environ["HOME"], folder))
    os.chdir(os.environ["HOME"])
    atexit.register(nothing_of_root, os.environ["SANDBOX"], os.path.join(os.environ["XDG_RUNTIME_DIR"], "sandbox"))


def nothing_of_root(sandbox, records):
    """What the runner does for the user: a record that the next verb does not take away is a failure."""
    subprocess.run([sandbox, "ps"], stdout=subprocess.DEVNULL, timeout=20)
    if os.path.isdir(records) and not os.path.islink(records) and os.listdir(records):
        print(f"FAILED: records of root are left: {os.listdir(records)}", file=sys.stderr, flush=True)
        os._exit(1)


if WAY == "root":
    folders_of_root()

from life.helpers import running, verb
from runtime.helpers import *

UNDEFENDED = os.environ["UNDEFENDED"]
TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TRACE = os.path.join(os.environ["PROBES"], "trace")
AS_ROOT = ("/usr/bin/dbus-daemon", "setpriv", "/usr/bin/setpriv")  # what is the host's, or becomes somebody by itself
BASE = [SANDBOX, "run", "--profile", "shell"]  # what most apps get: files, no network
# Bubblewrap with the view that the minimal profile gives.
BWRAP = ["bwrap", "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64",
         "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--unshare-user", "--unshare-pid"]
PYTHON = "/usr/bin/python3"
SECRET = "the secret of the canary\n"


def in_this_way():
    """What stands before a command that starts a program of ours, and before any other."""
    if WAY == "nested":
        holder = subprocess.Popen(["unshare", "--user", "--map-current-user", "/bin/sleep", "600"])
        atexit.register(holder.wait)
        atexit.register(holder.kill)
        wait_until("the namespace", lambda: os.readlink(f"/proc/{holder.pid}/ns/user") != os.readlink("/proc/self/ns/user"))
        return ["/usr/bin/nsenter", "--preserve-credentials", "--user", f"--target={holder.pid}", "--"], []
    # What is not ours stays the user's: an attack that is seen to succeed as root would be one on this machine.
    return [], ["/usr/bin/setpriv", *as_test_user()[1:]] if WAY == "root" else []


BEFORE_OURS, BEFORE_OTHERS = in_this_way()
RUNTIME = os.environ["XDG_RUNTIME_DIR"]


def so_started(command):
    """The command line for this way: the first word that is a program of ours has what this way wants before it."""
    words = [command] if isinstance(command, str) else list(command)
    for number, word in enumerate(words):
        if word == TRACE or (word.endswith("/bin/sandbox") and word != UNDEFENDED):
            return words if UNDEFENDED in words else [*words[:number], *BEFORE_OURS, *words[number:]]
    return words if words[0] in AS_ROOT else [*BEFORE_OTHERS, *words]


class Popen(subprocess.Popen):
    def __init__(self, command, *arguments, **keywords):
        super().__init__(so_started(command), *arguments, **keywords)


class InTerminal(Terminal):
    def __init__(self, *command, **keywords):
        super().__init__(*so_started(command), **keywords)


if WAY != "user":
    subprocess.Popen, Terminal = Popen, InTerminal


def control(condition, text):
    """What shows that the attack works where the defence is missing: seen once, as the user; other ways have other rights to it."""
    check(condition or WAY != "user", f"the control did not see the attack succeed: {text}")


class Canary:
    """A tree on the host that no sandbox may change: contents, inodes, modes, owners, times."""

    def __init__(self, folder=f"{HOME}/canary"):
        self.folder = folder
        self.renew()

    def renew(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in ("pts", "shm", "deep/er"):
            os.makedirs(f"{self.folder}/{name}")
        for name in ("secret", "null", "ptmx", "console", "passwd", "group", "hosts", "hostname", "resolv.conf", "machine-id", "localtime", "pts/0", "deep/er/file",
                     "uid_map", "state", "plan", "state.json", "control"):
            with open(f"{self.folder}/{name}", "w") as file:
                file.write(SECRET)
        os.chmod(f"{self.folder}/secret", 0o600)
        os.chmod(f"{self.folder}/deep", 0o711)
        os.symlink("secret", f"{self.folder}/link")
        os.link(f"{self.folder}/secret", f"{self.folder}/twin")
        os.mkfifo(f"{self.folder}/fifo")
        self.before = snapshot(self.folder)

    def changed(self):
        now = snapshot(self.folder)
        return sorted(os.path.relpath(path, self.folder) for path in now.keys() | self.before.keys() if now.get(path) != self.before.get(path))

    def unchanged(self, what):
        equal(self.changed(), [], f"{what}: what changed of the canary")


def undefended(defences, *command, options=(), profile="minimal", **keywords):
    """`sandbox run` by the helper that goes without those defences."""
    folder = f"{HOME}/.undefended"
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/defences-off", "w") as file:
        file.write("\n".join(defences.split()))
    os.chmod(folder, 0o755)
    before = as_test_user() if os.getuid() == 0 else []
    return run(*before, UNDEFENDED, "run", "--profile", profile, *options, "--", *command, cwd=folder, **keywords)


def python(code, *words, options=(), launcher=None, **keywords):
    """A script inside; by default under the minimal profile."""
    launcher = launcher or MINIMAL
    return run(*launcher, *options, *([] if launcher[0] == "bwrap" else ["--"]), PYTHON, "-c", code, *words, **keywords)


def refused(done, *needles):
    """One line of ours, and nothing was started."""
    one_error(done, 125, *needles)
    equal(done.stdout, "", "what a refused start printed")


def traced(*words, actions=(), calls=(), **keywords):
    """A command under the tracer; its document, with status, stderr and stdout of the command."""
    seen = f"{HOME}/.traced.json"
    options = [word for action in actions for word in action] + [word for call in calls for word in ("--call", call)]
    done = run(TRACE, "--output", seen, *options, "--", *words, timeout=60, **keywords)
    with open(seen) as file:
        document = json.load(file)
    return document | {"stderr": done.stderr, "stdout": done.stdout}


def profile(text, name="case"):
    """Writes a profile of one's own; its path."""
    path = f"{HOME}/{name}.toml"
    with open(path, "w") as file:
        file.write("schema = 1\n" + text)
    return path


class Way:
    """One way to be started: by whom, and below which namespace. Needs a case that runs as root."""

    def __init__(self, name, before, runtime):
        self.name, self.before, self.runtime = name, before, runtime
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=runtime, HOME=runtime if runtime != RUNTIME else HOME)

    def run(self, *command, profile="minimal", options=(), **keywords):
        return run(*self.before, SANDBOX, "run", "--profile", profile, *options, "--", *command, env=self.environment, **keywords)

    @contextlib.contextmanager
    def host(self, profile="minimal", options=()):
        """A sandbox that runs; yields a function that joins it with a command."""
        process = subprocess.Popen([*self.before, SANDBOX, "run", "--profile", profile, "--id", "host", *options, "--", "/bin/sleep", "100"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=self.environment, text=True)

        def join(*command, **keywords):
            return run(*self.before_join(process), SANDBOX, "exec", "host", "--", *command, env=self.environment, **keywords)
        wait_until(f"a sandbox runs ({self.name})", lambda: join("/bin/true").returncode == 0, 20)
        try:
            yield join
        finally:
            process.kill()
            process.communicate()

    def before_join(self, process):
        """Who joins stands in the user namespace of who started it."""
        if "unshare" not in self.before:
            return self.before
        outer = [word for word in self.before[:self.before.index("unshare")]]
        return [*outer, "nsenter", "--preserve-credentials", "--user", f"--target={process.pid}", "--"]


@functools.cache
def ways():
    """An unprivileged user, root, each also nested in a user namespace."""
    check(os.getuid() == 0, "this case wants root")
    subprocess.run(["chown", "-hR", f"{os.environ['TEST_UID']}:{os.environ['TEST_GID']}", HOME], check=True)
    own = tempfile.mkdtemp(prefix="sandbox-root.", dir="/var/tmp")  # the user's home is closed to a nested root
    atexit.register(shutil.rmtree, own, True)
    user = os.environ["XDG_RUNTIME_DIR"]
    return [Way("user", as_test_user(), user), Way("root", [], own), Way("nested user", as_test_user("unshare", "--user", "--map-current-user"), user),
            Way("nested root", ["unshare", "--user", "--map-root-user"], own)]


def every_way(*command, profile="minimal", options=(), **keywords):
    """(how, done) for the command in each way, by run and by exec."""
    for way in ways():
        yield f"{way.name}, run", way.run(*command, profile=profile, options=options, **keywords)
        with way.host(profile, options) as join:
            yield f"{way.name}, exec", join(*command, **keywords)


SELFTEST_PROBE = os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "libexec/sandbox/sandbox-probe")


def attempts(done, number):
    """What the probe of `sandbox selftest` says of a class: key, ABI → how it ended."""
    equal((done.returncode, done.stdout.splitlines()[-1:]), (0, ["end"]), f"the probe (stderr {done.stderr!r})")
    rows = [line.split("\t") for line in done.stdout.splitlines()[:-1]]
    found = {(key, abi): (outcome, detail) for attack, key, abi, outcome, detail in rows if int(attack) == number}
    check(found, f"the probe tried nothing of A{number}")
    return found


def got_through(found):
    return sorted(f"{key} ({abi})" if abi else key for (key, abi), (outcome, _) in found.items() if outcome == "through")


def probe_without(defences, number, *baits, options=()):
    """The same rows where those defences are missing: what gets through there."""
    done = undefended(defences, SELFTEST_PROBE, *baits, options=["--bind", SELFTEST_PROBE, *options])
    return got_through(attempts(done, number))


def held_every_way(number, *baits, profile="minimal", options=()):
    """Nothing of the class gets through, by run and exec, as user and root, nested and not."""
    for how, done in every_way(SELFTEST_PROBE, *baits, profile=profile, options=["--bind", SELFTEST_PROBE, *options]):
        equal(got_through(attempts(done, number)), [], f"{how}: what got through")
