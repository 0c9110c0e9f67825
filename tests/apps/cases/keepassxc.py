"""KeePassXC (Qt 5) opens a database with its password."""
import os
import subprocess

from common import bus, canary, confined, ends, no_sound
from world import HOME, repeat_until

NEEDS = ("x11", "sound")
PATH = f"{HOME}/Passwords/safe 3918.kdbx"


def draws(world):
    """A database in ~/Passwords, locked."""
    if os.path.exists(PATH):
        os.unlink(PATH)
    subprocess.run(["keepassxc-cli", "db-create", "-q", "-p", "-t", "100", PATH], input="opensesame\nopensesame\n", text=True, check=True, capture_output=True)
    world.run("keepassxc", PATH)
    world.wait_window("safe 3918.*Locked")
    world.wait_picture("keepassxc", "its window", lambda picture: picture.colours() > 50)


def opens(world):
    """With the password it is not locked any more, and says so in the title."""
    def unlock():
        world.display.focus(world.window)
        world.display.key("ctrl+a")
        world.display.type("opensesame")
        world.display.key("Return")
    repeat_until(lambda: f"it is open; there are {world.display.windows()}", unlock, lambda: world.display.windows(r"safe 3918(?!.*Locked)"))
    world.display.picture("keepassxc-open")


STEPS = [draws, opens, confined, canary, bus, no_sound, ends]
