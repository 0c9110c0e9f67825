"""Evince (GTK 3) shows a PDF of the user's."""
import os

import documents
from common import bus, canary, confined, ends, no_sound
from world import HOME, wait_until

NEEDS = ("x11", "sound")
PATH = f"{HOME}/Documents/report 4471.pdf"


def shows(world, name, colour):
    """A block of that colour, of the page's proportions (2 to 1)."""
    def fits(picture):
        box, count = picture.box_of(colour)
        if not box or count < 2000:
            return False
        width, height = box[2] - box[0] + 1, box[3] - box[1] + 1
        return abs(width - 2 * height) <= 4 and count > width * height * 0.95
    world.wait_picture(name, f"a block of {colour}", fits)


def draws(world):
    """The first page of a document in ~/Documents: its title in the window's, and its block."""
    documents.pdf(PATH, "Report number 4471", [(documents.BLUE, "First page"), (documents.GREEN, "Second page")])
    world.run("evince", PATH)
    world.wait_window("4471")
    shows(world, "evince", documents.BLUE)


def turns_the_page(world):
    world.display.focus(world.window)
    world.display.key("ctrl+Page_Down")
    shows(world, "evince-second-page", documents.GREEN)


def opens_from_its_dialogue(world):
    """A second document of ~/Documents, which no command line named, in a window of its own; a third of ~/Downloads."""
    for folder, colour in (("Documents", documents.ORANGE), ("Downloads", documents.BLUE)):
        documents.pdf(f"{HOME}/{folder}/second 9604.pdf", f"Second of {folder}", [(colour, "Another")])
        world.display.focus(world.window)
        world.display.key("ctrl+o")
        dialogue, _ = wait_until("the dialogue appears", lambda: next(iter(world.display.windows("Open Document").items()), None))
        world.display.focus(dialogue)
        world.display.type(f"{HOME}/{folder}/second 9604.pdf")
        world.display.key("Return")
        wait_until(lambda: f"a window of {folder}; there are {world.display.windows()}", lambda: world.display.windows(f"Second of {folder}"))
        second, _ = next(iter(world.display.windows(f"Second of {folder}").items()))
        world.display.close_window(second)
        wait_until("the second window is gone", lambda: not world.display.windows(f"Second of {folder}"))


def keeps_its_settings(world):
    """What it remembers is kept for the next start, in its own home and not in the user's."""
    with open(f"{HOME}/.local/share/sandbox/homes/org.gnome.Evince/.config/glib-2.0/settings/keyfile") as file:
        assert "[org/gnome/evince]" in file.read()
    assert not os.path.exists(f"{HOME}/.config/glib-2.0")


STEPS = [draws, turns_the_page, opens_from_its_dialogue, confined, canary, bus, no_sound, ends, keeps_its_settings]
