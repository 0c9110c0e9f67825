"""Firefox: a page, its own sandbox, a download, its profile, both displays."""
import os
import shutil

import page
from common import bus, canary, confined, microphone
from marionette import Marionette, RemoteError
from picture import assert_alike
from world import HOME, SANDBOX_BUILD, equal, wait_until

NEEDS = ("x11", "wayland", "sound")
REMOTE = ["--marionette", "--remote-allow-system-access"]
SANDBOX_SECTION = """
const { Troubleshoot } = ChromeUtils.importESModule("resource://gre/modules/Troubleshoot.sys.mjs");
return Troubleshoot.snapshot().then(found => found.sandbox);"""
LOCALE = "return [Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.language, new Date(0).toLocaleString()]"
PLAYERS = "org.mpris.MediaPlayer2."
OWN = f"{HOME}/.local/share/sandbox/homes/org.mozilla.firefox"
NOTIFY = """
const bubble = Cc["@mozilla.org/alert-notification;1"].createInstance(Ci.nsIAlertNotification);
bubble.init("test", "", "bubble 6621", "of the test");
Cc["@mozilla.org/alerts-service;1"].getService(Ci.nsIAlertsService).showAlert(bubble);"""
FILES = """return Promise.all(arguments[0].map(async path => {
    try { return await IOUtils.readUTF8(path); } catch (error) { return "refused: " + error.name; } }))"""


def open_page(world, name):
    """The page in the running browser: the picture of its block."""
    world.remote.navigate(world.address)
    equal(world.remote.title(), "Page 7341 of the sandbox (laid out)", "the page's title")
    assert "Mozilla Firefox" in world.wait_window("Page 7341 of the sandbox")
    return world.wait_picture(name, "the block, whole", page.block)


def outside(world):
    world.start("firefox-outside", "firefox-esr", "--no-remote", "--profile", os.path.join(world.folder, "bare-profile"), *REMOTE, "about:blank")
    world.remote = Marionette(world.alive)
    facts = {"block": open_page(world, "firefox-outside"), "sandbox": world.remote.chrome(SANDBOX_SECTION), "locale": world.remote.script(LOCALE)}
    world.remote.quit()
    world.remote = None
    world.ended()
    world.nothing_left()
    shutil.rmtree(os.path.join(world.folder, "bare-profile"))
    return facts


def draws(world):
    """A page served on loopback is rendered: the title, the colour of a region, and its text, pixel by pixel as outside."""
    os.makedirs(os.path.join(world.folder, "bare-profile"), exist_ok=True)
    bare = world.outside("firefox", lambda: outside(world))
    world.run("firefox", *REMOTE, "about:blank")
    world.remote = Marionette(world.alive)
    block = open_page(world, "firefox")
    page.assert_drawn(block)
    assert_alike(block, bare["block"], "the block")
    assert "sandbox-helper" in world.strangers().values(), world.strangers()


def own_sandbox(world):
    """about:support's section of the browser's own sandbox is as outside, word for word."""
    bare = world.outside("firefox", None)["sandbox"]
    assert bare["contentSandboxLevel"] >= 4 and bare["hasUserNamespaces"], bare
    equal(world.remote.chrome(SANDBOX_SECTION), bare, "the sandbox section of about:support")


def locale(world):
    """The time zone, the language and how a date is written are as outside."""
    world.remote.navigate(world.address)
    equal(world.remote.script(LOCALE), world.outside("firefox", None)["locale"], "time zone, language, date")


def names(world):
    """The page is found by its name, as the name servers of the host tell it."""
    world.remote.navigate(world.named_address)
    equal(world.remote.title(), "Page 7341 of the sandbox (laid out)", "the page's title")
    try:
        world.remote.navigate(world.named_address.replace("page.test", "none.test"))
    except RemoteError as error:
        assert "dnsNotFound" in str(error), error
    else:
        raise AssertionError("a name that is none was found")


def files(world):
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
    found = world.remote.chrome(FILES, [f"{HOME}/.ssh/canary", f"/proc/1/root{HOME}/.ssh/canary", f"/proc/self/root{HOME}/.ssh/canary", "/etc/shadow"])
    assert all(text.startswith("refused: ") for text in found), found
    listed = world.remote.chrome("return IOUtils.getChildren(arguments[0])", HOME)
    assert not any(name.endswith(("/.ssh", "/.bashrc", "/.gnupg")) for name in listed), listed


def downloads(world):
    """Downloads works both ways: the browser saves a file there, and opens one that the user put there."""
    with open(f"{HOME}/Downloads/from-outside.html", "w") as file:
        file.write("<title>from outside 5519</title>")
    world.remote.navigate(f"file://{HOME}/Downloads/from-outside.html")
    equal(world.remote.title(), "from outside 5519", "title of the user's file")
    world.remote.navigate(world.address)
    world.remote.script("document.getElementById('download').click()")
    wait_until("the download is saved whole", lambda: page.saved(f"{HOME}/Downloads/numbers.bin"))
    os.unlink(f"{HOME}/Downloads/numbers.bin")


def plays(world):
    """A page's tone comes out of the loudspeaker."""
    world.remote.navigate(world.address)
    world.remote.chrome("Services.prefs.setIntPref('media.autoplay.default', 0)")
    world.remote.script(page.TONE)
    wait_until("the loudspeaker sounds", lambda: world.sound.loudness("loudspeaker.monitor") > 100)


def notifies(world):
    """A notification reaches the desktop's, where all else of the same service's bus is refused."""
    world.remote.chrome(NOTIFY)
    wait_until("the desktop is told", lambda: any("Notify" in line and "bubble 6621" in line for line in world.bus.calls()))


def keeps_the_screen_on(world):
    """A page that asks for it keeps the screen on; the screen saver's other calls do not come through."""
    world.remote.navigate(world.address)
    world.remote.script("return navigator.wakeLock.request('screen').then(lock => { window.lock = lock; return 'held' })")
    wait_until("the screen saver is told", lambda: any(line.startswith("org.freedesktop.ScreenSaver Inhibit ") for line in world.bus.calls()))


def is_a_player(world):
    """What plays is found by the desktop's controls, under a name of this instance alone, and paused by them."""
    world.remote.navigate(world.address)
    equal(world.remote.script(page.PLAY), "plays", "the page's sound")
    name, = wait_until("a player is there", lambda: world.bus.names(PLAYERS))
    assert name.startswith(f"{PLAYERS}sandbox.i") and ".firefox." in name, name
    world.bus.ask(name, "--object-path", "/org/mpris/MediaPlayer2", "--method", "org.mpris.MediaPlayer2.Player.Pause")
    wait_until("the sound is paused", lambda: world.remote.script("return player.paused"))


def second_start(world):
    """A further start hands its page to the browser that runs, in its sandbox, and ends: of a folder that the browser sees, and, by
    name and by address, of one that it does not see."""
    page.write(f"{HOME}/Downloads/second.html", "second start 3118")
    page.write(f"{HOME}/Documents/a page.html", "a page 6604")
    page.write(f"{HOME}/Documents/letter.html", "a letter 6605")
    for word, title in ((f"file://{HOME}/Downloads/second.html", "second start 3118"), (f"{HOME}/Documents/a page.html", "a page 6604"),
                        (f"file://{HOME}/Documents/letter.html", "a letter 6605")):
        world.run_again("firefox", word)
        world.wait_window(title)
        equal(len(world.display.windows("Mozilla Firefox")), 1, "windows")
        world.remote.chrome("const { gBrowser } = Services.wm.getMostRecentWindow('navigator:browser'); gBrowser.removeTab(gBrowser.selectedTab)")
    beside = [f"{HOME}/Documents/letter.html", "/run/sandbox/files/1/letter.html", "/run/sandbox/files/2/letter.html"]
    found = world.remote.chrome(FILES, beside)
    equal([text.startswith("refused: ") for text in found], [True, True, False], "the file is seen where it was shown, and there alone")


def close(world):
    """Closing the window ends everything: status 0, no process, mount or file of ours."""
    world.remote.navigate(world.address)
    world.remote.script("localStorage.setItem('kept', 'until 9162')")
    world.remote.chrome("Services.prefs.setStringPref('sandbox.test.kept', 'pref 2208'); Services.prefs.savePrefFile(null)")
    world.wait_window("Page 7341 of the sandbox")
    world.remote.close()
    world.remote = None
    world.display.close_window(world.window)
    equal(world.ended(), 0, "status")
    world.nothing_left()
    assert os.listdir(f"{OWN}/.cache/mozilla/firefox"), "its cache is kept"


def profile_survives(world):
    """A second start, from the build folder and on Wayland, finds the profile of the first, and draws."""
    world.run("firefox", *REMOTE, world.address, name="firefox-again", program=SANDBOX_BUILD, display=world.servers["wayland"])
    world.remote = Marionette(world.alive)
    equal(world.remote.chrome("return Services.prefs.getStringPref('sandbox.test.kept', 'lost')"), "pref 2208", "a setting")
    world.remote.navigate(world.address)
    equal(world.remote.script("return localStorage.getItem('kept')"), "until 9162", "the page's storage")
    page.assert_drawn(open_page(world, "firefox-wayland"))


def terminated(world):
    """SIGTERM to the launcher ends the browser and everything with it."""
    world.remote.close()
    world.remote = None
    world.running.terminate()
    status = world.ended()
    assert status in (0, 143, -15), f"status {status}"
    world.nothing_left()


def older_profile(world):
    """A profile where older versions keep it is found there."""
    os.makedirs(f"{OWN}/.mozilla", exist_ok=True)
    os.rename(f"{OWN}/.config/mozilla/firefox", f"{OWN}/.mozilla/firefox")
    world.run("firefox", *REMOTE, "about:blank", name="firefox-older")
    world.remote = Marionette(world.alive)
    equal(world.remote.chrome("return Services.prefs.getStringPref('sandbox.test.kept', 'lost')"), "pref 2208", "a setting")
    terminated(world)


STEPS = [draws, own_sandbox, locale, names, confined, files, canary, bus, downloads, plays, microphone, notifies, keeps_the_screen_on, is_a_player,
         second_start, close, profile_survives, terminated, older_profile]
