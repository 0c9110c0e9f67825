"""foot (Wayland's own protocol, no toolkit) and the shell in it."""
from common import bus, canary, confined
from world import equal, repeat_until

NEEDS = ("wayland",)


def draws(world):
    """A window of its colours, with text."""
    world.run("foot", "--title=terminal 5102", "--override=colors.background=204a87", "--override=colors.foreground=ffff00", "--font=DejaVu Sans Mono:size=24",
              "/bin/sh", "-c", "printf 'Hello from 5102\\n'; while read -r line; do eval \"$line\"; done")
    world.wait_window("terminal 5102")
    world.wait_picture("foot", "its colours", lambda picture: picture.box_of((0x20, 0x4A, 0x87))[1] > 500000 and picture.box_of((255, 255, 0))[1] > 100)


def types(world):
    """What is typed reaches the command, which has a terminal of its own."""
    def write():
        world.display.key("ctrl+u")
        world.display.type("test -t 0 && printf '\\033]0;typed %s\\007' $((2800 + 46))")
        world.display.key("Return")
    repeat_until(lambda: f"its title; there are {world.display.windows()}", write, lambda: world.display.windows("typed 2846"))


def ends(world):
    """Closing the window ends everything; foot tells that its shell was ended by 1."""
    world.display.close_window(world.window)
    equal(world.ended(), 1, "status")
    world.nothing_left()


STEPS = [draws, types, confined, canary, bus, ends]
