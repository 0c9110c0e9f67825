"""feh (Xlib) shows a picture of the user's."""
import documents
from common import bus, canary, confined
from world import HOME, equal

NEEDS = ("x11",)
PATH = f"{HOME}/Pictures/forest 6127.png"


def draws(world):
    """A picture in ~/Pictures, every pixel of it."""
    documents.png(PATH, documents.GREEN)
    world.run("feh", PATH)
    world.wait_window("forest 6127")
    world.wait_picture("feh", "the whole picture", lambda picture: picture.box_of(documents.GREEN)[1] == 320 * 200)


def ends_with_its_key(world):
    world.display.focus(world.window)
    world.display.key("q")
    equal(world.ended(), 0, "status")
    world.nothing_left()


STEPS = [draws, confined, canary, bus, ends_with_its_key]
