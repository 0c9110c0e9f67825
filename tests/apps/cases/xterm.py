"""xterm (Xt) and what runs in it."""
from common import bus, canary, confined
from picture import assert_alike
from world import equal, repeat_until

NEEDS = ("x11",)
BACKGROUND, INK = (0x20, 0x4A, 0x87), (255, 255, 0)
LOOKS = ["-bg", "#204a87", "-fg", "#ffff00", "-cr", "#204a87", "-geometry", "60x12+100+100", "-T", "terminal 3310"]
COMMAND = ["-e", "/bin/sh", "-c", "printf 'Hello from 3310\\n'; while read -r line; do eval \"$line\"; done"]


def picture(world, name):
    world.wait_window("terminal 3310")
    shot = world.wait_picture(name, "the text", lambda shot: shot.box_of(INK)[1] > 100 and shot)
    box, count = shot.box_of(BACKGROUND)
    assert count > 50000, f"{count} pixels of the background"
    return shot.crop(box)


def end(world):
    world.display.close_window(world.window)
    world.ended()
    world.nothing_left()


def outside(world):
    world.start("xterm-outside", "xterm", *LOOKS, *COMMAND)
    found = picture(world, "xterm-outside")
    end(world)
    return found


def draws(world):
    """Its window, colours and text, pixel by pixel as outside."""
    bare = world.outside("xterm", lambda: outside(world))
    world.run("xterm", *LOOKS, *COMMAND)
    assert_alike(picture(world, "xterm"), bare, "the window")


def types(world):
    """What is typed reaches the command, which has a terminal of its own and lives inside."""
    def write():
        world.display.focus(world.window)
        world.display.key("ctrl+u")
        world.display.type("printf '\\033]0;%s\\007' \"size $(stty size) and $(ls -A ~ | wc -w) files\"")
        world.display.key("Return")
    repeat_until(lambda: f"its title; there are {world.display.windows()}", write, lambda: world.display.windows("size"))
    equal(world.wait_window("size"), "size 12 60 and 0 files", "the title that the command made: its terminal, and the home that it sees")


STEPS = [draws, types, confined, canary, bus, end]
