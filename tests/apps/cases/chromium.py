"""Chromium: a page, its own sandbox, a download, its profile."""
import os
import shutil

import page
from common import bus, canary, confined, microphone
from devtools import DevTools
from picture import assert_alike
from world import HOME, equal, wait_until

NEEDS = ("x11", "wayland", "sound")
# The remote control wants a folder that is not the default one; this one is below what the profile keeps.
PROFILE = f"{HOME}/.config/chromium/test"
PLAYERS = "org.mpris.MediaPlayer2."
LOCALE = "[Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.language, new Date(0).toLocaleString()]"


def options(folder):
    return [f"--user-data-dir={folder}", "--remote-debugging-port=0", "--no-first-run", "--no-default-browser-check", "--window-size=1000,700",
            "--window-position=0,0", "--autoplay-policy=no-user-gesture-required"]


def port_file(folder):
    """Where the browser says its port, as seen from outside."""
    return f"{folder}/DevToolsActivePort"


def kept(path=""):
    return f"{HOME}/.local/share/sandbox/homes/org.chromium.Chromium/.config/chromium/test{path}"


def connect(world, folder):
    world.remote = DevTools(world.alive, port_file(folder))


def open_page(world, name):
    equal(world.remote.navigate(world.address), "", "error")
    assert "Chromium" in world.wait_window("Page 7341 of the sandbox")
    equal(world.remote.script("document.title"), "Page 7341 of the sandbox (laid out)", "the page's title")
    return world.wait_picture(name, "the block, whole", page.block)


def sandbox_page(world):
    """The rows of chrome://sandbox: a layer, and what it says of it."""
    world.remote.navigate("chrome://sandbox")
    rows = wait_until("chrome://sandbox is filled", lambda: world.remote.script(
        "[...document.querySelectorAll('tr')].map(row => [...row.cells].map(cell => cell.innerText.trim()).join(': '))"))
    return rows + [world.remote.script("document.getElementById('evaluation').innerText")]


def outside(world):
    folder = os.path.join(world.folder, "bare-profile-chromium")
    world.start("chromium-outside", "chromium", *options(folder), "about:blank")
    connect(world, folder)
    facts = {"block": open_page(world, "chromium-outside"), "locale": world.remote.script(LOCALE), "sandbox": sandbox_page(world)}
    world.remote.call("Browser.close")
    world.remote.close()
    world.remote = None
    world.ended()
    world.nothing_left()
    shutil.rmtree(folder)
    return facts


def draws(world):
    """A page served on loopback is rendered: the title, the colour of a region, and its text, pixel by pixel as outside."""
    bare = world.outside("chromium", lambda: outside(world))
    world.run("chromium", *options(PROFILE), "about:blank")
    connect(world, kept())
    block = open_page(world, "chromium")
    page.assert_drawn(block)
    assert_alike(block, bare["block"], "the block")


def own_sandbox(world):
    """chrome://sandbox says the same of each layer as outside, and that the browser is adequately sandboxed."""
    bare = world.outside("chromium", None)["sandbox"]
    assert "adequately sandboxed" in bare[-1] and any(row == "Layer 1 Sandbox: Namespace" for row in bare), bare
    equal(sandbox_page(world), bare, "chrome://sandbox")


def locale(world):
    """The time zone, the language and how a date is written are as outside."""
    world.remote.navigate(world.address)
    equal(world.remote.script(LOCALE), world.outside("chromium", None)["locale"], "time zone, language, date")


def names(world):
    """The page is found by its name, as the name servers of the host tell it."""
    equal(world.remote.navigate(world.named_address), "", "error")
    equal(world.remote.script("document.title"), "Page 7341 of the sandbox (laid out)", "the page's title")
    error = world.remote.navigate(world.named_address.replace("page.test", "none.test"))
    assert error in ("net::ERR_NAME_NOT_RESOLVED", "net::ERR_INTERNET_DISCONNECTED"), f"a name that is none: {error!r}"


def files(world):
    """What lies in ~/.ssh cannot be opened by file://, nor seen in a list of the home."""
    with open(f"{HOME}/.ssh/page.html", "w") as file:
        file.write("<title>canary page</title>canary")
    for name in ("canary", "page.html", ""):
        error = world.remote.navigate(f"file://{HOME}/.ssh/{name}")
        assert error in ("net::ERR_FILE_NOT_FOUND", "net::ERR_ACCESS_DENIED"), f"{name}: {error!r}"
    equal(world.remote.navigate(f"file://{HOME}/"), "", "error for the home")
    listed = world.remote.script("document.body.innerText")
    assert "Downloads" in listed and ".ssh" not in listed and ".bashrc" not in listed, listed


def downloads(world):
    """Downloads works both ways: the browser saves a file there, and opens one that the user put there."""
    with open(f"{HOME}/Downloads/from-outside.html", "w") as file:
        file.write("<title>from outside 5519</title>")
    equal(world.remote.navigate(f"file://{HOME}/Downloads/from-outside.html"), "", "error")
    equal(world.remote.script("document.title"), "from outside 5519", "title of the user's file")
    world.remote.navigate(world.address)
    world.remote.script("document.getElementById('download').click()")
    wait_until("the download is saved whole", lambda: page.saved(f"{HOME}/Downloads/numbers.bin"))
    os.unlink(f"{HOME}/Downloads/numbers.bin")


def plays(world):
    """A page's tone comes out of the loudspeaker."""
    world.remote.navigate(world.address)
    world.remote.script("(() => {" + page.TONE + "})()")
    wait_until("the loudspeaker sounds", lambda: world.sound.loudness("loudspeaker.monitor") > 100)


def notifies(world):
    """A page's notification reaches the desktop's."""
    world.remote.navigate(world.address)
    world.remote.call("Browser.grantPermissions", origin=world.address.rstrip("/"), permissions=["notifications", "wakeLockScreen"])
    equal(world.remote.script("(window.bubble = new Notification('bubble 6622'), Notification.permission)"), "granted", "permission")
    wait_until("the desktop is told", lambda: any("Notify" in line and "bubble 6622" in line for line in world.bus.calls()))


def keeps_the_screen_on(world):
    """A page that asks for it keeps the screen on."""
    told = len(world.bus.calls())
    world.remote.script("navigator.wakeLock.request('screen').then(lock => { window.lock = lock })")
    wait_until("the screen saver is told", lambda: any(line.startswith("org.freedesktop.ScreenSaver Inhibit ") for line in world.bus.calls()[told:]))


def is_a_player(world):
    """What plays is found by the desktop's controls, under a name of this instance alone, and paused by them."""
    world.remote.script("(() => {" + page.PLAY + "})()")
    name, = wait_until("a player is there", lambda: world.bus.names(PLAYERS))
    assert name.startswith(f"{PLAYERS}sandbox.i") and ".chromium." in name, name
    wait_until("the sound plays", lambda: world.remote.script("!player.paused"))
    world.bus.ask(name, "--object-path", "/org/mpris/MediaPlayer2", "--method", "org.mpris.MediaPlayer2.Player.Pause")
    wait_until("the sound is paused", lambda: world.remote.script("player.paused"))


def second_start(world):
    """A further start hands its page to the browser that runs, in its sandbox, and ends: of a folder that the browser sees, and of
    one that it does not see."""
    page.write(f"{HOME}/Downloads/second.html", "second start 3119")
    page.write(f"{HOME}/Documents/a page.html", "a page 6606")
    for word, title in ((f"file://{HOME}/Downloads/second.html", "second start 3119"), (f"{HOME}/Documents/a page.html", "a page 6606")):
        world.run_again("chromium", f"--user-data-dir={PROFILE}", word)
        window, _ = wait_until("a window of the further page", lambda: next(iter(world.display.windows(title).items()), None))
        world.display.focus(window)
        world.display.key("ctrl+w")
        wait_until("that page is closed", lambda: not world.display.windows(title))


def closed(world):
    world.remote.close()
    world.remote = None
    world.display.close_window(world.window)
    equal(world.ended(), 0, "status")
    world.nothing_left()


def close(world):
    """Closing the window ends everything: status 0, no process, mount or file of ours."""
    world.remote.navigate(world.address)
    world.remote.script("localStorage.setItem('kept', 'until 9162')")
    world.wait_window("Page 7341 of the sandbox")
    closed(world)
    assert os.listdir(f"{HOME}/.local/share/sandbox/homes/org.chromium.Chromium/.cache/chromium/test"), "its cache is kept"


def profile_survives(world):
    """A second start, on Wayland, finds what a page kept at the first, and draws."""
    os.unlink(port_file(kept()))
    world.run("chromium", *options(PROFILE), "about:blank", name="chromium-again", display=world.servers["wayland"])
    connect(world, kept())
    page.assert_drawn(open_page(world, "chromium-wayland"))
    equal(world.remote.script("localStorage.getItem('kept')"), "until 9162", "the page's storage")


def ends_again(world):
    """Its end on Wayland leaves nothing either."""
    closed(world)


STEPS = [draws, own_sandbox, locale, names, confined, files, canary, bus, downloads, plays, microphone, notifies, keeps_the_screen_on, is_a_player,
         second_start, close, profile_survives, ends_again]
