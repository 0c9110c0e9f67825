"""gnome-text-editor (GTK 4, a GApplication) changes a document of the user's, on Wayland."""
from common import bus, canary, confined, ends
from world import HOME, repeat_until

NEEDS = ("wayland",)
PATH = f"{HOME}/Documents/notes 1357.txt"
TEXT = "Notes of nobody, number 1357.\n" * 12


def draws(world):
    """A document in ~/Documents: its name in the title, and its letters."""
    with open(PATH, "w") as file:
        file.write(TEXT)
    world.run("gnome-text-editor", PATH)
    world.wait_window("notes 1357")
    world.wait_picture("gnome-text-editor", "letters", lambda picture: picture.colours() > 100 and picture.box_of((0xFC, 0xFC, 0xFC))[1] > 100000)


def saves(world):
    """What is typed is in the file, after it was saved."""
    def write():
        world.display.key("ctrl+a")
        world.display.type("typed inside")
        world.display.key("ctrl+s")

    def saved():
        with open(PATH) as file:
            return file.read().rstrip("\n") == "typed inside"
    repeat_until("the document is saved", write, saved)


STEPS = [draws, saves, confined, canary, bus, ends]
