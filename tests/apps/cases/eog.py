"""eog (GTK 3) shows a picture of the user's, on Wayland."""
import documents
from common import bus, canary, confined, ends
from world import HOME

NEEDS = ("wayland",)
PATH = f"{HOME}/Pictures/sea 2093.png"


def draws(world):
    """A picture in ~/Pictures, in its own size."""
    documents.png(PATH, documents.BLUE)
    world.run("eog", PATH)
    world.wait_window("sea 2093.png")
    world.wait_picture("eog", "the whole picture", lambda picture: picture.box_of(documents.BLUE)[1] >= 320 * 200 * 0.98)


STEPS = [draws, confined, canary, bus, ends]
