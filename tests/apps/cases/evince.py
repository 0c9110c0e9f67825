"""Evince (GTK 3) shows a PDF of the user's."""
import documents
from common import bus, canary, confined, ends, no_sound
from world import HOME

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


STEPS = [draws, turns_the_page, confined, canary, bus, no_sound, ends]
