"""The other shipped profiles, of those whose applications are installed: each opens its window, does some of its work, and ends.

Not part of the suite, as most of these are no packages of it: started by name, tests/apps/run --user NAME more."""
import hashlib
import os
import shutil
import socket
import time

import documents
from common import bus, canary, confined
from world import HOME, equal, wait_until

NEEDS = ("x11", "wayland", "sound")
BY_NAME_ONLY = True
NOTES, SEA = f"{HOME}/Documents/notes 1357.txt", f"{HOME}/Pictures/sea 2093.png"


def has(colour, count):
    """Shows that colour."""
    def work(world):
        world.wait_picture("more-colour", f"the file's {colour}", lambda picture: picture.box_of(colour)[1] >= count)
    return work


def writes(world):
    """What is typed is in the file, after it was saved in the format that it has."""
    world.display.focus(world.window)
    world.display.key("ctrl+Home")
    world.display.type("typed inside ")
    world.display.key("ctrl+s")

    def saved():
        with open(NOTES, encoding="utf-8-sig") as file:
            if file.read().lower().startswith("typed inside notes"): # a sentence begins with a capital letter, it thinks
                return True
        for window in world.display.windows("^(?!.*LibreOffice)"): # whether to keep the format; a tip
            world.display.focus(window)
            world.display.key("alt+t", "Return")
    wait_until("the document is saved", saved)


def sounds(world):
    """Plays the recording that it was told to open, once its dialogs are answered."""
    def heard():
        for window in world.display.windows("^(?!.*tone 4004)"):
            world.display.focus(window)
            world.display.key("Return")
        for window in world.display.windows("tone 4004"):
            world.window = window
            world.display.focus(window)
            world.display.key("space")
        return world.sound.loudness("loudspeaker.monitor") > 300
    wait_until(lambda: f"the loudspeaker sounds; there are {world.display.windows()}", heard)


def chats(world):
    """Says who it is to the server that its command line names."""
    with IRC.accept()[0] as client:
        client.settimeout(60)
        said = b""
        while b"NICK " not in said or b"USER " not in said:
            said += client.recv(4096)


def loads(world):
    """Takes the torrent of its command line, once its dialogs are answered, and finds all of it in ~/Downloads: the bar is full."""
    def whole():
        for window, title in world.display.windows().items():
            world.display.focus(window)
            world.display.key("alt+a" if title == "Transmission" else "alt+o")
        return world.display.picture("more-whole").box_of((0x35, 0x84, 0xE4))[1] > 4000
    wait_until(lambda: f"it is whole; there are {world.display.windows()}", whole)


def torrent(path, of):
    """A torrent of one file, on no server."""
    with open(of, "rb") as file:
        data = file.read()
    pieces = b"".join(hashlib.sha1(data[at:at + 16384]).digest() for at in range(0, len(data), 16384))
    name = os.path.basename(of).encode()
    with open(path, "wb") as file:
        file.write(b"d4:infod6:lengthi%de4:name%d:%s12:piece lengthi16384e6:pieces%d:%see" % (len(data), len(name), name, len(pieces), pieces))


IRC = socket.create_server(("127.0.0.1", 0))
# profile, display, the window's title, arguments, what else it is to do
ROWS = [
    ("atril", "x11", "4471|Report", [f"{HOME}/Documents/report 4471.pdf"], has(documents.BLUE, 2000)),
    ("gedit", "wayland", "notes 1357", [NOTES], None),
    ("gimp", "x11", r"sea 2093.*GIMP", ["--no-splash", SEA], has(documents.BLUE, 50000)),
    ("inkscape", "x11", "drawing 6660", [f"{HOME}/Pictures/drawing 6660.svg"], has(documents.BLUE, 2000)),
    ("vlc", "x11", "VLC media player", ["--no-qt-privacy-ask", f"{HOME}/Videos/meadow.y4m"], None),
    ("audacity", "x11", "Audacity|tone 4004", [f"{HOME}/Music/tone 4004.wav"], sounds),
    ("libreoffice", "x11", "notes 1357.*LibreOffice", ["--norestore", "--writer", NOTES], writes),
    ("thunderbird", "x11", "Letter 5012", [f"{HOME}/Documents/letter 5012.eml"], has(documents.BLUE, 2000)),
    ("transmission-gtk", "x11", "Transmission", [f"{HOME}/Documents/numbers 7070.torrent"], loads),
    ("engrampa", "wayland", "box 1212", [f"{HOME}/Documents/box 1212.zip"], None),
    ("file-roller", "x11", "box 1212", [f"{HOME}/Documents/box 1212.zip"], None),
    ("gnome-mines", "wayland", "Mines", [], None),
    ("dosbox", "x11", "DOSBox", [], None),
    ("hexchat", "x11", "HexChat|Network List", [f"--url=irc://127.0.0.1:{IRC.getsockname()[1]}/test"], chats),
    ("gnome-calculator", "wayland", "Calculator", [], None),
]


def make_files():
    documents.pdf(f"{HOME}/Documents/report 4471.pdf", "Report number 4471", [(documents.BLUE, "First page")])
    documents.png(SEA, documents.BLUE)
    documents.film(f"{HOME}/Videos/meadow.y4m")
    documents.tone(f"{HOME}/Music/tone 4004.wav")
    with open(f"{HOME}/Documents/letter 5012.eml", "w") as file:
        file.write("From: nobody@example.org\nTo: you@example.org\nSubject: Letter 5012\nDate: Mon, 2 Jan 2023 10:00:00 +0000\nMIME-Version: 1.0\n"
                   'Content-Type: text/html; charset=utf-8\n\n<div style="width:300px;height:200px;background:#1e46c8">A letter</div>\n')
    with open(f"{HOME}/.config/user-dirs.dirs", "w") as file: # as every desktop has it
        file.write('XDG_DOWNLOAD_DIR="$HOME/Downloads"\n')
    with open(f"{HOME}/Downloads/numbers 7070.bin", "wb") as file:
        file.write(b"".join(b"%06d\n" % n for n in range(20000)))
    torrent(f"{HOME}/Documents/numbers 7070.torrent", f"{HOME}/Downloads/numbers 7070.bin")
    with open(NOTES, "w") as file:
        file.write("Notes of nobody, number 1357.\n" * 12)
    with open(f"{HOME}/Pictures/drawing 6660.svg", "w") as file:
        file.write('<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100" fill="#1e46c8"/></svg>')
    os.makedirs(f"{HOME}/Documents/box", exist_ok=True)
    shutil.copy(NOTES, f"{HOME}/Documents/box")
    shutil.make_archive(f"{HOME}/Documents/box 1212", "zip", f"{HOME}/Documents/box")
    shutil.rmtree(f"{HOME}/Documents/box")


def close(world, window):
    """In a process of its own: Xlib ends that which speaks of a window that has gone meanwhile."""
    child = os.fork()
    if child == 0:
        world.display.close_window(window)
        os._exit(0)
    os.waitpid(child, 0)


def close_dialogs(world):
    """What it opened beside its window."""
    for window in world.display.windows():
        close(world, window)
        world.display.focus(window)
        world.display.key("alt+n") # nothing is to be saved
    time.sleep(1)


def step(app, display, title, arguments, work):
    def opens(world):
        make_files()
        world.clear()
        world.prepare(*NEEDS)
        world.run(app, *arguments, display=world.servers[display])
        world.wait_window(title)
        world.wait_picture(app, "more than an empty window", lambda picture: picture.colours() > 8)
        if work:
            work(world)
            world.display.picture(app)
        confined(world)
        canary(world)
        bus(world)
        close(world, world.window)
        wait_until(lambda: f"it ends; there are {world.display.windows()}", lambda: not world.alive() or close_dialogs(world))
        status = world.ended(30)
        equal(status in (0, 143), True, f"status {status}")
        world.nothing_left()
    opens.__name__ = app
    return opens


STEPS = [step(*row) for row in ROWS if shutil.which(row[0])]
