"""Mousepad (GTK 3, a GApplication) changes a document of the user's."""
from common import bus, canary, confined, ends, no_sound
from picture import pixels_of
from world import HOME, repeat_until

NEEDS = ("x11", "sound")
PATH = f"{HOME}/Documents/letter 8846.txt"
TEXT = "A letter to nobody, number 8846.\n" * 12


def draws(world):
    """A document in ~/Documents: dark letters on a light page, far more page than letters."""
    with open(PATH, "w") as file:
        file.write(TEXT)
    world.run("mousepad", PATH)
    title = world.wait_window("8846")
    assert "letter 8846.txt" in title, title

    def drawn(picture):
        box, light = picture.box_of((255, 255, 255))
        dark = sum(max(pixel) < 110 for pixel in pixels_of(picture.crop(box))) if box else 0
        return light > 20000 and 500 < dark < light
    world.wait_picture("mousepad", "dark letters on a light page", drawn)


def saves(world):
    """What is typed is in the file, after it was saved."""
    def write():
        world.display.focus(world.window)
        world.display.key("ctrl+a")
        world.display.type("typed inside")
        world.display.key("ctrl+s")

    def saved():
        with open(PATH) as file:
            return file.read().rstrip("\n") == "typed inside"
    repeat_until("the document is saved", write, saved)


STEPS = [draws, saves, confined, canary, bus, no_sound, ends]
