"""What the cases share: the home, the displays, the running application, and what must not be left of it."""
import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import time

import page
from bus import Bus
from sound import Sound
from wayland import Sway
from x11 import Xvfb

SANDBOX, SANDBOX_BUILD = os.environ["SANDBOX"], os.environ["SANDBOX_BUILD"]
HOME, RUNTIME = os.environ["HOME"], os.environ["XDG_RUNTIME_DIR"]
CANARY = "canary: a private key\n"
PATIENCE = float(os.environ.get("PATIENCE", "1")) # of the deadlines, for whoever expects failures
FOLDERS = (".ssh", ".gnupg", "Downloads", "Documents", "Pictures", "Music", "Videos", "Passwords")


def equal(found, wanted, what):
    assert found == wanted, f"{what}: {found!r}, wanted {wanted!r}"


def wait_until(what, condition, seconds=60):
    """Its value as soon as it is true; `what` may be a function that says more."""
    deadline = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")


def repeat_until(what, act, condition):
    """As wait_until, and acts until then every ten seconds, as somebody does whose keys met a window that was not ready for them:
    what it does must do no harm when it is done twice."""
    last = None

    def step():
        nonlocal last
        if value := condition():
            return value
        if last is None or time.monotonic() - last > 10 * PATIENCE:
            act()
            last = time.monotonic()
        return None
    return wait_until(what, step)


def status_of(number):
    with open(f"/proc/{number}/status") as file:
        return dict(re.findall(r"^(\w+):\s*(.*)$", file.read(), re.M))


def processes():
    """Living processes of this user, number to name; of root, who has others too, those below this one."""
    found, parents = {}, {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            status = status_of(name)
        except OSError:
            continue
        if str(os.getuid()) in status["Uid"].split() and not status["State"].startswith("Z"):
            found[int(name)], parents[int(name)] = status["Name"], int(status["PPid"])
    if os.getuid() == 0:
        below = {os.getpid()}
        while more := {number for number, parent in parents.items() if parent in below and number not in below}:
            below |= more
        return {number: name for number, name in found.items() if number in below}
    return found


def make_home():
    for ours in (".config/sandbox", ".local/share/sandbox", ".cache/sandbox"): # another suite may have had this user before
        shutil.rmtree(f"{HOME}/{ours}", ignore_errors=True)
    for name in os.listdir(RUNTIME): # and its sockets, or a folder where a server wants one
        path = os.path.join(RUNTIME, name)
        shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    for folder in FOLDERS:
        os.makedirs(f"{HOME}/{folder}", mode=0o700, exist_ok=True)
    for path, text in ((".ssh/canary", CANARY), (".bashrc", "# canary: shell\n")):
        with open(f"{HOME}/{path}", "w") as file:
            file.write(text)


def home_folders():
    """What lies in the folders of the home where applications leave things, but for what is ours and the folders that it is in."""
    looked_at = (".", ".config", ".cache", ".local", ".local/share")
    ours = {"sandbox", *(os.path.basename(folder) for folder in looked_at)}
    return {folder: sorted(set(os.listdir(f"{HOME}/{folder}")) - ours) if os.path.isdir(f"{HOME}/{folder}") else [] for folder in looked_at}


# Of applications of which one runs at a time, the name of its instance.
ONE = {"firefox": "org.mozilla.firefox-one", "chromium": "org.chromium.Chromium-one", "thunderbird": "org.mozilla.Thunderbird-one"}
SERVERS = {"x11": Xvfb, "wayland": Sway, "sound": Sound}


class World:
    def __init__(self, folder):
        self.folder = folder
        self.bus = Bus(folder, dict(os.environ))
        port = page.serve()
        page.resolve()
        self.address, self.named_address = f"http://127.0.0.1:{port}/", f"http://page.test:{port}/"
        self.servers, self.facts = {}, {}
        with open("/proc/self/mountinfo") as file:
            self.mounts = file.read()
        self.prepare()

    def prepare(self, *servers):
        """For the next case: its servers stand, and none of the last one's processes."""
        self.running = self.remote = self.window = self.display = self.instance = self.log = None
        for name in servers:
            if name not in self.servers:
                self.servers[name] = SERVERS[name](self.folder, self.bus.environment)
            self.display = self.display or (self.servers[name] if name != "sound" else None)
        self.ours = set(processes())

    @property
    def sound(self):
        return self.servers["sound"]

    def stop(self):
        for server in reversed([self.bus, *self.servers.values()]):
            server.stop()

    def host_environment(self):
        """For programs of the host that a case starts beside the application: what they keep does not lie in the home."""
        folders = {f"XDG_{kind}_HOME": os.path.join(self.folder, "host", kind.lower()) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
        return {**self.display.environment, **folders}

    def outside(self, name, find):
        """What the same application shows without a sandbox; looked at once, or taken from $BASELINE of an earlier run."""
        kept = os.path.join(os.environ["BASELINE"], name) if "BASELINE" in os.environ else None
        if name not in self.facts and kept and os.path.exists(kept):
            with open(kept, "rb") as file:
                self.facts[name] = pickle.load(file)
        if name not in self.facts:
            self.facts[name] = find()
            if kept:
                with open(kept, "wb") as file:
                    pickle.dump(self.facts[name], file)
        return self.facts[name]

    def start(self, name, *command, display=None):
        """A command with a window; its output goes to a log of that name."""
        self.display = display or self.display
        with open(os.path.join(self.folder, name + ".log"), "w") as log:
            self.running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.display.environment,
                                            start_new_session=True)
        self.log = log.name

    def run(self, app, *arguments, name=None, options=(), program=SANDBOX, display=None):
        """The application in its sandbox."""
        self.instance = ONE.get(app, f"test-{name or app}")
        named = [] if app in ONE else ["--id", self.instance]
        self.home = home_folders()
        self.start(name or app, program, "run", *named, *options, app, *arguments, display=display)

    def run_again(self, app, *arguments):
        """A further start of it, which ends by itself: what it says."""
        done = subprocess.run([SANDBOX, "run", app, *arguments], env=self.display.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90)
        equal(done.returncode, 0, f"status of a further start, which says {done.stderr[-1000:]!r}")
        return done.stderr

    def alive(self):
        return self.running is not None and self.running.poll() is None

    def said(self):
        with open(self.log, errors="replace") as file:
            return file.read()[-2000:]

    def wait_window(self, pattern, seconds=90):
        """The window with such a title becomes the case's: its title."""
        def found():
            assert self.alive(), f"it ended before a window {pattern!r} appeared"
            return next(iter(self.display.windows(pattern).items()), None)
        self.window, title = wait_until(lambda: f"a window {pattern!r} appears; there are {self.display.windows()}", found, seconds)
        return title

    def wait_picture(self, name, what, fits, seconds=60):
        """A screenshot for which `fits` gives something true: that."""
        def found():
            assert self.running is None or self.alive(), f"it ended before this was shown: {what}"
            return fits(self.display.picture(name))
        return wait_until(f"{what} is shown; see {name}.png", found, seconds)

    def inside(self, *words):
        """What inside.py finds out in the running sandbox."""
        return self.probed("exec", self.instance, words=words)

    def probed(self, verb, *options, words=()):
        """What inside.py finds out in the sandbox that `sandbox VERB OPTIONS` runs it in."""
        with open(os.path.join(os.path.dirname(__file__), "inside.py")) as file:
            program = file.read()
        done = subprocess.run([SANDBOX, verb, *options, "--", "/usr/bin/python3", "-", HOME, RUNTIME, *words], input=program,
                              capture_output=True, text=True, env=self.display.environment, timeout=120)
        equal(done.returncode, 0, f"status of what was run inside, which says {done.stderr[-1500:]!r}")
        return json.loads(done.stdout)

    def ended(self, seconds=60):
        try:
            status = self.running.wait(seconds * PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {seconds} s: {self.strangers()}")
        self.running = None
        return status

    def strangers(self):
        return {number: name for number, name in processes().items() if number not in self.ours}

    def app_processes(self, name):
        """Those of the application itself: their numbers."""
        return [number for number, found in self.strangers().items() if found.startswith(name[:15])]

    def nothing_left(self):
        wait_until(lambda: f"no process is left: {self.strangers()}", lambda: not self.strangers(), 20)
        with open("/proc/self/mountinfo") as file:
            equal(file.read(), self.mounts, "the host's mounts")
        left = [os.path.join(p, n) for p, d, f in os.walk(os.path.join(RUNTIME, "sandbox")) for n in d + f]
        equal(left, [], "files in the runtime folder")
        if self.instance:
            equal(home_folders(), self.home, "what lies in the user's home")
        with open(f"{HOME}/.ssh/canary") as file:
            equal(file.read(), CANARY, "the canary")

    def clear(self):
        """After a case: ends what it left running, so that the next one can speak for itself."""
        if self.remote:
            self.remote.close()
        if self.alive():
            self.running.terminate()
            try:
                self.running.wait(20)
            except subprocess.TimeoutExpired:
                pass
        for number in self.strangers():
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                pass
