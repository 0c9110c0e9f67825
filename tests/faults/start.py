"""One start under the tracer as an unprivileged user, what came of it, and what it left."""
import contextlib
import dataclasses
import hashlib
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

SANDBOX = os.environ["SANDBOX"]
TRACE = os.path.join(os.environ["PROBES"], "trace")
PROBE = os.path.join(os.environ["PROBES"], "probe")
APP = "org.example.Faults"
SECRET = "canary: not for the sandbox"

# All that a start can do: a home of its own with a folder that is kept, grants, a cover, limits, a device, loopback.
PROFILE = """schema = 1
[app]
exec = ["/bin/sh"]
extends = ["class/headless"]
[home]
mode = "app"
persist = [".config"]
[files]
"${HOME}/papers" = "rw"
"${HOME}/papers/private" = "deny"
"${HOME}/letters" = "ro"
[network]
mode = "loopback"
[rlimits]
nofile = 512
[process]
umask = "0027"
"""
# What the application tells of itself; the view of it must be the same whatever failed on the way.
INSIDE = f"{PROBE}; cat /proc/sys/user/max_user_namespaces; cat ~/letters/a.txt ~/papers/private/* 2>/dev/null; echo ran >~/papers/ran; exit 7"


# The same app, as one that runs once at a time: a further start joins it, and names a file.
JOINED = "org.example.Joined"
JOINED_PROFILE = PROFILE.replace("[home]", 'single-instance = "join"\n[home]', 1)

BUS_RULE = 'dbus.session."org.example.Talked"="talk"'
HOST = "faults-host"


@dataclasses.dataclass
class Kind:
    """A way to start something: the words before the command, the steps that are broken, and what has to be there meanwhile."""
    name: str
    words: list
    processes: dict        # our processes, as the tracer names them → their part in it
    beside: str = ""       # "host": a sandbox to be entered; "joined": one to be joined, another for each start; "bus": a bus of the session
    program: str = SANDBOX
    stride: int = 1        # every so many of the injections, unless all are wanted
    grouped: bool = False  # in a control group that is given to the user
    kept: bool = False     # by the plan of an earlier start: the sandbox is built ahead


ALONE = {"sandbox": "launcher", "sandbox-helper": "outer", "sandbox-helper.1": "init", "sandbox-helper.1.1": "app"}
RUN = Kind("run", ["run", "--profile", APP], ALONE)
GUEST = Kind("exec", ["exec", HOST], ALONE, beside="host", stride=4)
TERMINAL = Kind("run on a terminal", ["run", "--profile", APP, "--tty"], ALONE, stride=10)
SIDECAR = Kind("run with a bus", ["run", "--profile", APP, "--set", BUS_RULE],
               {"sandbox": "launcher", "sandbox-helper": "outer", "sandbox-helper.1": "sidecar", "sandbox-helper.2": "init", "sandbox-helper.2.1": "app"}, beside="bus", stride=12)
JOIN = Kind("run that joins, with a file", ["run", "--profile", JOINED],
            {"sandbox": "launcher", "sandbox-helper": "outer", "sandbox-helper.1": "init", "sandbox-helper.1.1": "cloner", "sandbox-helper.1.2": "app"}, beside="joined", stride=9)
AHEAD = Kind("run by a kept plan", RUN.words, ALONE, kept=True, stride=6)
FURTHER = (GUEST, TERMINAL, SIDECAR, AHEAD, JOIN)
HOSTS = (HOST, f"{JOINED}-one")


@dataclasses.dataclass
class Outcome:
    status: int
    out: str
    err: str
    trace: dict

    @property
    def errors(self):
        return [line for line in self.err.splitlines() if not line.startswith("sandbox: warning: ")]


class User:
    def __init__(self, name):
        entry = pwd.getpwnam(name)
        self.name, self.uid, self.gid, self.home = name, entry.pw_uid, entry.pw_gid, entry.pw_dir
        self.runtime = f"/run/user/{self.uid}"
        self.records = os.path.join(self.runtime, "sandbox")
        self.group = None  # cgroup.procs of the control group that everything is started in
        self.company = []  # what runs beside, by its processes
        self.report = tempfile.NamedTemporaryFile(prefix="sandbox-trace.", dir="/var/tmp")
        self.environment = {"HOME": self.home, "XDG_RUNTIME_DIR": self.runtime, "USER": name, "LOGNAME": name, "LANG": "C.UTF-8",
                            "PATH": "/usr/local/bin:/usr/bin:/bin", "SHELL": "/bin/sh"}

    def write(self, path, text):
        path = os.path.join(self.home, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)

    def make_home(self):
        for folder in (self.home, self.runtime):
            for name in os.listdir(folder):
                path = os.path.join(folder, name)
                shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
        self.write(f".config/sandbox/apps/{APP}.toml", PROFILE)
        self.write(f".config/sandbox/apps/{JOINED}.toml", JOINED_PROFILE)
        self.write("named/a.txt", "named\n")
        self.write(".ssh/canary", SECRET)
        self.write("papers/a.txt", "papers\n")
        self.write("papers/private/canary", SECRET)
        self.write("letters/a.txt", "letters\n")
        self.write("elsewhere/a.txt", SECRET)
        self.write("elsewhere/canary", SECRET)
        self.own()
        # The folder that is kept is made by the first start, and must outlive every other.
        self.start(["--", "/bin/sh", "-c", "echo kept >~/.config/kept"], ())
        self.sandbox("run", "--profile", JOINED, "--", "/bin/true")
        self.before = self.tree()
        self.litter = self.strays()
        # A plan is kept for the next start only when nothing that it was made of has changed in this second or the one before.
        time.sleep(2.1)

    @contextlib.contextmanager
    def grouped(self, kind):
        """A control group of this user's own for starts of that kind, as a host gives one without systemd. In the end it has to be empty."""
        if not kind.grouped:
            yield
            return
        with open("/proc/self/mountinfo") as file:
            hierarchy = next(line.split()[4] for line in file if " - cgroup2 " in line)
        folder = os.path.join(hierarchy, f"sandbox-faults-{self.uid}-{os.getpid()}")
        os.mkdir(folder)
        try:
            for path in (folder, *(os.path.join(folder, f"cgroup.{name}") for name in ("procs", "threads", "subtree_control"))):
                os.chown(path, self.uid, self.gid)
            # Opened by root, which counts: a user moves nothing out of groups that are not its own.
            with open(os.path.join(folder, "cgroup.procs"), "wb", buffering=0) as self.group:
                yield
        finally:
            self.group = None
            self.sandbox("ps")  # a record of who was killed may wait for the next verb, with its group
            with open(os.path.join(folder, "cgroup.kill"), "w") as file:
                file.write("1")
            self.wait_until(lambda: "populated 0" in open(os.path.join(folder, "cgroup.events")).read(), f"{folder} has processes")
            left = [entry.name for entry in os.scandir(folder) if entry.is_dir()]
            for name in left:
                os.rmdir(os.path.join(folder, name))
            os.rmdir(folder)
        if left:
            raise RuntimeError(f"control groups that are left: {left}")

    def enter(self):
        """In a child, before it becomes what is started."""
        if self.group:
            os.write(self.group.fileno(), b"0")

    @contextlib.contextmanager
    def beside(self, kind):
        """What a start of that kind needs: a sandbox that runs, or a bus. It has to be there still at the end."""
        if not kind.beside:
            yield
            return
        self.begin_beside(kind)
        try:
            yield
            if sorted(set(self.company) & set(self.processes(all_of_them=True))) != self.company:
                raise RuntimeError(f"what ran beside {kind.name} has ended")
        finally:
            self.end_beside()

    def begin_beside(self, kind):
        sleeper = ["--bind", PROBE, "--", "/bin/sleep", "100000"]
        command = {"host": [SANDBOX, "run", "--profile", APP, "--id", HOST, *sleeper],
                   "joined": [SANDBOX, "run", "--profile", JOINED, *sleeper],
                   "bus": ["/usr/bin/dbus-daemon", "--session", "--nofork", "--nopidfile", "--nosyslog", f"--address=unix:path={self.runtime}/bus"]}[kind.beside]
        self.beside_process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.home,
                                               env=self.environment, user=self.uid, group=self.gid, extra_groups=[], preexec_fn=self.enter)
        enters = lambda name: self.sandbox("exec", name, "--", "/bin/true").returncode == 0
        # Its own processes alone: of the guest that asks, one may be there a moment longer than the guest's word.
        ready, count = {"host": (lambda: enters(HOST), 3), "joined": (lambda: enters(f"{JOINED}-one"), 3), "bus": (self.bus_listens, 1)}[kind.beside]
        try:
            self.wait_until(ready, f"{command} is not ready")
            self.wait_until(lambda: len(self.processes()) == count, f"{command} is not {count} processes")
            self.company = sorted(self.processes())
            self.wait_until(lambda: sorted(self.processes(all_of_them=True)) == self.company, f"the guest of {kind.name} is not reaped")
        except RuntimeError:
            self.end_beside()
            raise

    def end_beside(self):
        self.company = []
        self.beside_process.kill()
        self.beside_process.wait()
        self.sandbox("ps")

    def bus_listens(self):
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(f"{self.runtime}/bus") == 0

    @staticmethod
    def wait_until(what, problem):
        deadline = time.monotonic() + 60
        while not what():
            if time.monotonic() > deadline:
                raise RuntimeError(problem)
            time.sleep(0.02)

    def own(self):
        for parent, _, files in os.walk(self.home):
            for path in [parent, *(os.path.join(parent, name) for name in files)]:
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def tree(self):
        """The home: kind, mode and content of all but what the application itself wrote."""
        found = {}
        for parent, folders, files in os.walk(self.home):
            for name in folders + files:
                path = os.path.join(parent, name)
                status = os.lstat(path)
                if os.path.islink(path):
                    content = os.readlink(path)
                elif name in files:
                    with open(path, "rb") as file:
                        content = hashlib.sha256(file.read()).hexdigest()
                else:
                    content = ""
                found[os.path.relpath(path, self.home)] = (oct(status.st_mode), status.st_uid, content)
        found.pop("papers/ran", None)
        return found

    def processes(self, all_of_them=False):
        """Those of the user, but for what runs beside. One that has ended counts until it is reaped if what runs beside is to do
        that: the next guest would see it."""
        found = {}
        for number in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{number}/status") as file:
                    status = file.read()
            except OSError:
                continue
            if int(number) in self.company and not all_of_them:
                continue
            ended = re.search(r"^State:\s+Z", status, re.M) and int(re.search(r"^PPid:\s+(\d+)$", status, re.M).group(1)) not in self.company
            if re.search(rf"^Uid:.*\b{self.uid}\b", status, re.M) and not ended:
                found[int(number)] = re.search(r"^Name:\s+(.*)$", status, re.M).group(1)
        return found

    def strays(self):
        found = set()
        for folder in ("/tmp", "/var/tmp", "/dev/shm"):
            for entry in os.scandir(folder):
                try:
                    if entry.stat(follow_symlinks=False).st_uid == self.uid:
                        found.add(entry.path)
                except OSError:
                    pass
        return found

    def start(self, command, actions, kept=False, kind=RUN):
        """`actions`: options of the tracer. `kept`: with the plan of an earlier start, if there is one; else it is taken away."""
        if not kept:
            shutil.rmtree(os.path.join(self.runtime, "sandbox-plans"), ignore_errors=True)
        limits = ["--grace", "10000", "--limit", "60000", "--output", self.report.name]
        argv = [TRACE, "--uid", str(self.uid), "--gid", str(self.gid), *limits, *actions, "--", kind.program, *kind.words, *command]
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="backslashreplace",
                              cwd=self.home, env=self.environment, umask=0o022, timeout=120, preexec_fn=self.enter)
        with open(self.report.name) as file:
            trace = json.load(file)
        return Outcome(trace["status"], done.stdout, done.stderr, trace)

    def sandbox(self, *words):
        """A verb as the user, not traced."""
        return subprocess.run([SANDBOX, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=self.home,
                              env=self.environment, user=self.uid, group=self.gid, extra_groups=[], timeout=60, preexec_fn=self.enter)

    def keep_plan(self, command, kind):
        """That of a start which is not broken, unless there is one."""
        if not self.keeps_plan():
            self.start(command, (), kind=kind)
            self.ran()
        if not self.keeps_plan():
            raise RuntimeError("no plan was kept")

    def keeps_plan(self):
        folder = os.path.join(self.runtime, "sandbox-plans")
        return os.path.isdir(folder) and bool(os.listdir(folder))

    def left(self, after_next_verb, patience=10):
        """What there is that should not be. `after_next_verb`: a record may wait for the next verb, which is run. `patience`: seconds that
        the last process may take to end."""
        problems = []
        deadline = time.monotonic() + patience
        while (survivors := self.processes()) and time.monotonic() < deadline:
            time.sleep(0.01)
        for number in survivors:
            os.kill(number, signal.SIGKILL)
        if survivors:
            problems.append(f"survivors: {survivors}")
        if self.company and sorted(set(self.company) & set(self.processes(all_of_them=True))) != self.company:
            problems.append("what ran beside has ended with it")
        find = lambda: [name for name in os.listdir(self.records) if name not in HOSTS] if os.path.isdir(self.records) else []
        records = find()
        if records and not after_next_verb:
            problems.append(f"records before any verb: {records}")
        if records:
            self.sandbox("ps")
            if records := find():
                problems.append(f"records after the next verb: {records}")
        with open("/proc/self/mountinfo") as file:
            if mounts := [line for line in file if self.home in line or self.runtime in line]:
                problems.append(f"mounts: {mounts}")
        if strays := self.strays() - self.litter:
            problems.append(f"files: {sorted(strays)}")
        after = self.tree()
        if after != self.before:
            changed = {path for path in set(after) | set(self.before) if after.get(path) != self.before.get(path)}
            problems.append(f"the home has changed: {sorted(changed)}")
        return problems

    def ran(self):
        """Whether the application did anything; the mark is taken away."""
        mark = os.path.join(self.home, "papers/ran")
        found = os.path.exists(mark)
        if found:
            os.unlink(mark)
        return found


def stops_of(trace, kind):
    """The steps that are broken. Until it looks for the sandbox that it joins, a start is as any other."""
    stops = [stop for stop in trace["stops"] if stop["process"] in kind.processes]
    if kind.beside != "joined":
        return stops
    looks = next(at for at, stop in enumerate(stops) if stop["call"] == "flock")
    return [stop for at, stop in enumerate(stops) if at >= looks or stop["process"] != "sandbox"]


def view(out, kind=RUN):
    """What the application said of its confinement, without what is different in every start."""
    out = out.replace("\r\n", "\n")  # of a terminal
    found, end = json.JSONDecoder().raw_decode(out)
    status = found["status"] if isinstance(found["status"], dict) else {}
    kept = {name: status.get(name) for name in ("Uid", "Gid", "Groups", "NStgid", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb",
                                                "NoNewPrivs", "Seccomp", "Seccomp_filters", "SigIgn", "SigBlk")}
    for name in ("uid", "gid", "groups", "securebits", "parent_death_signal", "sid", "pgrp", "sid_of_init", "uid_map", "gid_map",
                 "setgroups", "limits", "env", "cwd", "hostname", "umask", "root", "dev", "etc", "interfaces", "processes"):
        kept[name] = found[name]
    if kind.beside in ("host", "joined"):  # a guest has the next number there
        for name in ("NStgid", "sid", "pgrp"):
            del kept[name]
        kept["processes"] = sorted(kept["processes"].values())
    # What it may not read is a number, the error.
    kept["fds"] = found["fds"] if isinstance(found["fds"], int) else sorted(found["fds"])
    kept["own namespaces"] = found["namespaces"] if isinstance(found["namespaces"], int) else \
        sorted(name for name, link in found["namespaces"].items() if link != os.readlink(f"/proc/self/ns/{name}"))
    # Without the numbers of mounts, peers and file systems.
    kept["mounts"] = found["mounts"] if isinstance(found["mounts"], int) else \
        [re.sub(r"^\d+ \d+ \d+:\d+ |(master|shared):\d+|,inode64|(?<=/sandbox/)[^/ ]+(?=/exchange/)|nr_inodes=\d+", "", line) for line in found["mounts"]]
    kept["rest"] = out[end:].split("\n")[1:]
    return kept
