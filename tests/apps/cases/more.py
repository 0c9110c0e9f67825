"""The other shipped profiles, of those whose applications are installed: each opens its window and ends with it.

Not part of the suite, as most of these are no packages of it: started by name, tests/apps/run --user NAME more."""
import os
import shutil

import documents
from common import bus, canary, confined
from world import HOME, equal

NEEDS = ("x11", "wayland", "sound")
BY_NAME_ONLY = True
# profile, display, the window's title, arguments
ROWS = [
    ("atril", "x11", "4471|Report", [f"{HOME}/Documents/report 4471.pdf"]),
    ("gedit", "wayland", "notes 1357", [f"{HOME}/Documents/notes 1357.txt"]),
    ("gimp", "x11", r"sea 2093.*GIMP", ["--no-splash", f"{HOME}/Pictures/sea 2093.png"]),
    ("inkscape", "x11", "drawing 6660", [f"{HOME}/Pictures/drawing 6660.svg"]),
    ("vlc", "x11", "VLC media player", ["--no-qt-privacy-ask", f"{HOME}/Videos/meadow.y4m"]),
    ("audacity", "x11", "Audacity", []),
    ("libreoffice", "x11", "notes 1357.*LibreOffice", ["--norestore", "--writer", f"{HOME}/Documents/notes 1357.txt"]),
    ("thunderbird", "x11", "Thunderbird|Account|Home", []),
    ("transmission-gtk", "wayland", "Transmission", []),
    ("engrampa", "wayland", "box 1212", [f"{HOME}/Documents/box 1212.zip"]),
    ("file-roller", "x11", "box 1212", [f"{HOME}/Documents/box 1212.zip"]),
    ("gnome-mines", "wayland", "Mines", []),
    ("dosbox", "x11", "DOSBox", []),
    ("hexchat", "x11", "HexChat|Network List", []),
    ("gnome-calculator", "wayland", "Calculator", []),
]


def make_files():
    documents.pdf(f"{HOME}/Documents/report 4471.pdf", "Report number 4471", [(documents.BLUE, "First page")])
    documents.png(f"{HOME}/Pictures/sea 2093.png", documents.BLUE)
    documents.film(f"{HOME}/Videos/meadow.y4m")
    with open(f"{HOME}/Documents/notes 1357.txt", "w") as file:
        file.write("Notes of nobody, number 1357.\n" * 12)
    with open(f"{HOME}/Pictures/drawing 6660.svg", "w") as file:
        file.write('<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100" fill="#1e46c8"/></svg>')
    os.makedirs(f"{HOME}/Documents/box", exist_ok=True)
    shutil.copy(f"{HOME}/Documents/notes 1357.txt", f"{HOME}/Documents/box")
    shutil.make_archive(f"{HOME}/Documents/box 1212", "zip", f"{HOME}/Documents/box")
    shutil.rmtree(f"{HOME}/Documents/box")


def step(app, display, title, arguments):
    def opens(world):
        make_files()
        world.clear()
        world.prepare(*NEEDS)
        world.run(app, *arguments, display=world.servers[display])
        world.wait_window(title)
        world.wait_picture(app, "more than an empty window", lambda picture: picture.colours() > 8)
        confined(world)
        canary(world)
        bus(world)
        world.display.close_window(world.window)
        world.display.focus(world.window)
        status = world.ended(20)
        equal(status in (0, 143), True, f"status {status}")
        world.nothing_left()
    opens.__name__ = app
    return opens


STEPS = [step(*row) for row in ROWS if shutil.which(row[0])]
