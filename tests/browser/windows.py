"""The tests. They share a display and, where one leads to the next, a running browser; each is reported by its name."""
import os
import re
import shutil
import signal
import subprocess
import time
import traceback

import page
from display import Display
from marionette import Marionette, RemoteError

SANDBOX, SANDBOX_BUILD = os.environ["SANDBOX"], os.environ["SANDBOX_BUILD"]
HOME = os.environ["HOME"]
RUNTIME = os.environ["XDG_RUNTIME_DIR"]
CANARY = "canary: a private key\n"


def equal(found, wanted, what):
    assert found == wanted, f"{what}: {found!r}, wanted {wanted!r}"


def wait_until(what, condition, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what}")


def processes():
    """Living processes of this user, number to name; of root, who has others too, those below this one."""
    found, parents = {}, {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/status") as file:
                status = dict(re.findall(r"^(\w+):\s*(.*)$", file.read(), re.M))
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


class World:
    def __init__(self, folder):
        self.folder = folder
        self.display = Display(folder)
        self.port = page.serve()
        self.address = f"http://127.0.0.1:{self.port}/"
        self.ours = set(processes())  # Xvfb and this
        self.running = None
        self.remote = None
        self.bare_block = self.bare_sandbox = self.window = None
        with open("/proc/self/mountinfo") as file:
            self.mounts = file.read()

    def start(self, name, *command):
        """A command with a window; its output goes to a log of that name."""
        with open(os.path.join(self.folder, name + ".log"), "w") as log:
            self.running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.display.environment,
                                            start_new_session=True)
        self.log = log.name
        return self.running

    def alive(self):
        return self.running.poll() is None

    def ended(self, seconds=30):
        try:
            status = self.running.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {seconds} s: {self.strangers()}")
        self.running = None
        return status

    def strangers(self):
        return {number: name for number, name in processes().items() if number not in self.ours}

    def nothing_left(self):
        wait_until("no process is left", lambda: not self.strangers(), 10)
        with open("/proc/self/mountinfo") as file:
            equal(file.read(), self.mounts, "the host's mounts")
        left = [os.path.join(p, n) for p, d, f in os.walk(os.path.join(RUNTIME, "sandbox")) for n in d + f]
        equal(left, [], "files in the runtime folder")
        with open(f"{HOME}/.ssh/canary") as file:
            equal(file.read(), CANARY, "the canary")

    def clear(self):
        """After a failure: ends what a test left running, so that the next one can speak for itself."""
        if self.remote:
            self.remote.close()
            self.remote = None
        if self.running and self.alive():
            self.running.terminate()
            try:
                self.running.wait(10)
            except subprocess.TimeoutExpired:
                pass
        for number in self.strangers():
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.running = None


REMOTE = ["--marionette", "--remote-allow-system-access"]
SNAPSHOT = """
const { Troubleshoot } = ChromeUtils.importESModule("resource://gre/modules/Troubleshoot.sys.mjs");
return Troubleshoot.snapshot().then(found => found.sandbox);"""


def open_page(world, name):
    """The page in the running browser: its block's picture."""
    world.remote.navigate(world.address)
    equal(world.remote.title(), "Page 7341 of the sandbox (laid out)", "the page's title")
    world.window, title = world.display.wait_window("Page 7341 of the sandbox", world.alive)
    assert "Mozilla Firefox" in title, title

    def block():
        picture = world.display.picture(name)
        box, count = picture.box_of(page.EDGE)
        # The edge is 12 pixels wide all around: its box is the block and the edge.
        return (picture, box) if box and (box[2] - box[0] + 1, box[3] - box[1] + 1) == (664, 264) else None
    picture, box = wait_until("the block is shown whole", block, 20)
    inner = (box[0] + 12, box[1] + 12, box[2] - 12, box[3] - 12)
    return picture, inner


def firefox_outside(world):
    """Firefox without a sandbox: what the others are compared with."""
    profile = os.path.join(world.folder, "bare-profile")
    os.mkdir(profile)
    world.start("firefox-outside", "firefox-esr", "--no-remote", "--profile", profile, *REMOTE, "about:blank")
    world.remote = Marionette(world.alive)
    picture, box = open_page(world, "firefox-outside")
    world.bare_block = picture.crop(box)
    world.bare_sandbox = world.remote.chrome(SNAPSHOT)
    assert "contentSandboxLevel" in world.bare_sandbox, world.bare_sandbox
    world.remote.quit()
    world.remote = None
    world.ended()
    world.nothing_left()
    shutil.rmtree(profile)


def firefox_renders(world):
    """A page served on loopback is rendered: the title, the colour of a region, and its text, pixel by pixel as outside."""
    world.start("firefox", SANDBOX, "run", "firefox", *REMOTE, "about:blank")
    world.remote = Marionette(world.alive)
    picture, box = open_page(world, "firefox")
    block = picture.crop(box)
    pixels = [block[i:i + 3] for i in range(0, len(block), 3)]
    coloured, text = pixels.count(bytes(page.BLOCK)), pixels.count(bytes(page.TEXT))
    assert coloured > len(pixels) * 0.7, f"{coloured} of {len(pixels)} pixels have the block's colour"
    assert text > 2000, f"{text} pixels have the text's colour"
    different = sum(a != b for a, b in zip(pixels, [world.bare_block[i:i + 3] for i in range(0, len(world.bare_block), 3)]))
    assert different < len(pixels) * 0.004, f"{different} of {len(pixels)} pixels differ from Firefox outside"
    inside = [name for name in world.strangers().values() if name == "sandbox-helper"]
    assert inside, f"no helper among {world.strangers()}"


def firefox_own_sandbox(world):
    """about:support's section of the browser's own sandbox is as outside, word for word."""
    equal(world.remote.chrome(SNAPSHOT), world.bare_sandbox, "the sandbox section of about:support")
    assert world.bare_sandbox["contentSandboxLevel"] >= 4, world.bare_sandbox


def firefox_confined(world):
    """The browser's processes have no capabilities, no_new_privs and a filter, and descend from our PID 1."""
    seen = 0
    for number in world.strangers():
        with open(f"/proc/{number}/status") as file:
            status = dict(re.findall(r"^(\w+):\s*(.*)$", file.read(), re.M))
        if status["Name"].startswith("firefox"):
            seen += 1
            equal((status["NoNewPrivs"], status["Seccomp"], status["CapEff"], status["CapBnd"]), ("1", "2", "0" * 16, "0" * 16), f"status of {number}")
    assert seen, f"no firefox among {world.strangers()}"


def firefox_canary(world):
    """What lies in ~/.ssh cannot be opened by file://, nor by code with the browser's own rights."""
    with open(f"{HOME}/.ssh/page.html", "w") as file:
        file.write("<title>canary page</title>canary")
    for name in ("canary", "page.html", ""):
        try:
            world.remote.navigate(f"file://{HOME}/.ssh/{name}")
        except RemoteError as error:
            assert "about:neterror" in str(error), error
        source = world.remote.call("WebDriver:GetPageSource")
        assert "canary page" not in source and "private key" not in source and "page.html</a>" not in source, source[:500]
        assert world.remote.title() != "canary page"
    found = world.remote.chrome("""return Promise.all(arguments[0].map(async path => {
        try { return await IOUtils.readUTF8(path); } catch (error) { return "refused: " + error.name; } }))""",
        [f"{HOME}/.ssh/canary", f"/proc/1/root{HOME}/.ssh/canary", f"/proc/self/root{HOME}/.ssh/canary", "/etc/shadow"])
    assert all(text.startswith("refused: ") for text in found), found
    listed = world.remote.chrome("return IOUtils.getChildren(arguments[0])", HOME)
    assert not any(name.endswith(("/.ssh", "/.bashrc", "/.gnupg")) for name in listed), listed


def firefox_downloads(world):
    """Downloads works both ways: the browser saves a file there, and opens one that the user put there."""
    with open(f"{HOME}/Downloads/from-outside.html", "w") as file:
        file.write("<title>from outside 5519</title>")
    world.remote.navigate(f"file://{HOME}/Downloads/from-outside.html")
    equal(world.remote.title(), "from outside 5519", "title of the user's file")
    world.remote.navigate(world.address)
    world.remote.script("document.getElementById('download').click()")
    path = f"{HOME}/Downloads/numbers.bin"

    def saved():
        if os.path.exists(path):
            with open(path, "rb") as file:
                return file.read() == page.DOWNLOAD
        return False
    wait_until("the download is saved whole", saved, 20)
    equal(os.stat(path).st_uid, os.getuid(), "its owner")


def firefox_close(world):
    """Closing the window ends everything: status 0, no process, mount or file of ours."""
    world.remote.navigate(world.address)
    world.remote.script("localStorage.setItem('kept', 'until 9162')")
    world.remote.chrome("Services.prefs.setStringPref('sandbox.test.kept', 'pref 2208'); Services.prefs.savePrefFile(null)")
    window, _ = world.display.wait_window("Page 7341 of the sandbox", world.alive)
    world.remote.close()
    world.remote = None
    world.display.close_window(window)
    equal(world.ended(), 0, "status")
    world.nothing_left()
    equal(sorted(name for name in os.listdir(HOME) if "moz" in name.lower()), [], "of the browser in the user's home")


def firefox_profile_survives(world):
    """A second start, from the build folder, finds the profile of the first."""
    world.start("firefox-again", SANDBOX_BUILD, "run", "firefox", *REMOTE, world.address)
    world.remote = Marionette(world.alive)
    equal(world.remote.chrome("return Services.prefs.getStringPref('sandbox.test.kept', 'lost')"), "pref 2208", "a setting")
    world.remote.navigate(world.address)
    equal(world.remote.script("return localStorage.getItem('kept')"), "until 9162", "the page's storage")
    open_page(world, "firefox-again")


def firefox_terminated(world):
    """SIGTERM to the launcher ends the browser and everything with it."""
    world.remote.close()
    world.remote = None
    world.running.terminate()
    status = world.ended()
    assert status in (0, 143, -15), f"status {status}"
    world.nothing_left()


def xterm(world):
    """xterm: its window, colours and text as outside; what runs in it is inside."""
    colours = ["-bg", "#204a87", "-fg", "#ffff00", "-cr", "#204a87", "-geometry", "60x12+100+100", "-T", "terminal 3310"]
    text = ["-e", "/bin/sh", "-c", "printf 'Hello from 3310\\n'; exec sleep 600"]
    pictures = []
    for name, command in (("xterm-outside", ["xterm"]), ("xterm", [SANDBOX, "run", "xterm"])):
        world.start(name, *command, *colours, *text)
        window, _ = world.display.wait_window("terminal 3310", world.alive)

        def drawn():
            picture = world.display.picture(name)
            return picture if picture.box_of((255, 255, 0))[1] > 100 else None
        picture = wait_until("the text is drawn", drawn, 15)
        box, count = picture.box_of((0x20, 0x4A, 0x87))
        assert count > 50000, f"{count} pixels of the background"
        pictures.append(picture.crop(box))
        world.display.close_window(window)
        world.ended()
        world.nothing_left()
    equal(len(pictures[0]), len(pictures[1]), "the window's size in bytes of its picture")
    different = sum(a != b for a, b in zip(*pictures))
    assert different < len(pictures[0]) * 0.004, f"{different} of {len(pictures[0])} bytes of the picture differ from xterm outside"


def mousepad(world):
    """mousepad (GTK) shows a document of the user's; its window closes cleanly."""
    path = f"{HOME}/Documents/letter 8846.txt"
    with open(path, "w") as file:
        file.write("A letter to nobody, number 8846.\n" * 12)
    world.start("mousepad", SANDBOX, "run", "mousepad", path)
    window, title = world.display.wait_window("8846", world.alive)
    assert "letter 8846.txt" in title, title

    def drawn():
        picture = world.display.picture("mousepad")
        return picture if picture.colours() > 20 else None
    picture = wait_until("its content is drawn", drawn, 15)
    # Dark letters on a light page: both are there, the page far more.
    light, dark = picture.box_of((255, 255, 255))[1], sum(max(picture.data[i:i + 3]) < 110 for i in range(0, len(picture.data), 3))
    assert light > 20000 and dark > 500, f"{light} white and {dark} dark pixels"
    world.display.close_window(window)
    equal(world.ended(), 0, "status")
    world.nothing_left()
    with open(path) as file:
        equal(file.read(), "A letter to nobody, number 8846.\n" * 12, "the document")


def firefox_as_root(world):
    """Started by root, the browser runs all the same, confined as any user's."""
    world.start("firefox-as-root", SANDBOX, "run", "firefox", *REMOTE, "about:blank")
    world.remote = Marionette(world.alive)
    open_page(world, "firefox-as-root")
    firefox_confined(world)
    world.remote.close()
    world.remote = None
    world.running.terminate()
    status = world.ended()
    assert status in (0, 143, -15), f"status {status}"
    wait_until("no process is left", lambda: not world.strangers(), 10)


TESTS = [firefox_outside, firefox_renders, firefox_own_sandbox, firefox_confined, firefox_canary, firefox_downloads, firefox_close,
         firefox_profile_survives, firefox_terminated, xterm, mousepad]
ROOT_TESTS = [firefox_as_root]
NEEDS = {firefox_own_sandbox: firefox_renders, firefox_confined: firefox_renders, firefox_canary: firefox_renders,
         firefox_downloads: firefox_renders, firefox_close: firefox_renders, firefox_renders: firefox_outside,
         firefox_profile_survives: firefox_close, firefox_terminated: firefox_profile_survives}


def make_home():
    for folder in (".ssh", ".gnupg", "Downloads", "Documents"):
        os.makedirs(f"{HOME}/{folder}", mode=0o700, exist_ok=True)
    for path, text in ((".ssh/canary", CANARY), (".bashrc", "# canary: shell\n")):
        with open(f"{HOME}/{path}", "w") as file:
            file.write(text)


def chosen():
    """The tests whose names hold the filter, with those they build on."""
    tests = ROOT_TESTS if os.getuid() == 0 else TESTS
    wanted = {test for test in tests if os.environ.get("FILTER", "") in f"browser/{named(test)}"}
    for test in list(wanted):
        while test := NEEDS.get(test):
            wanted.add(test)
    return [test for test in tests if test in wanted]


def named(test):
    return test.__name__.replace("_", "-")


def run_all(folder, results):
    tests = chosen()
    if not tests:
        return 0
    make_home()
    world = World(folder)
    failed = set()
    for test in tests:
        began = time.monotonic()
        problem = None
        if NEEDS.get(test) in failed:
            problem = f"it builds on {named(NEEDS[test])}, which failed"
        else:
            try:
                test(world)
            except Exception as error:
                problem = f"{type(error).__name__}: {error}\n" + "".join(traceback.format_tb(error.__traceback__)[-2:])
                try:
                    world.display.picture(f"failed-{named(test)}")
                    with open(world.log) as file:
                        problem += "its log: " + file.read()[-2000:]
                except Exception:
                    pass
                # A running browser is kept for the tests that only look at it.
                if test in (firefox_outside, firefox_renders, firefox_close, firefox_profile_survives, firefox_terminated, xterm, mousepad, firefox_as_root):
                    world.clear()
        print(f"   {'FAIL' if problem else 'ok  '} {time.monotonic() - began:5.1f}s  browser/{named(test)}", flush=True)
        results.write(f"{'fail' if problem else 'pass'} browser/{named(test)}\n")
        if problem:
            failed.add(test)
            print("        " + problem.rstrip().replace("\n", "\n        "), flush=True)
    world.clear()
    world.display.stop()
    return 1 if failed else 0
