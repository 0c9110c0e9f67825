"""galculator (GTK 3) calculates."""
from common import bus, canary, confined, ends
from picture import assert_alike

NEEDS = ("x11",)


def calculated(world, name):
    """The window's picture after 12 * 34 was typed, which is not that before."""
    world.wait_window("galculator")
    before = world.wait_picture(name + "-before", "its window", lambda picture: picture.colours() > 20 and picture)
    world.display.focus(world.window)
    world.display.type("12*34=")
    return world.wait_picture(name, "the result", lambda picture: picture.data != before.data and settled(world, name, picture))


def settled(world, name, picture):
    return picture if world.display.picture(name).data == picture.data else None


def outside(world):
    world.start("galculator-outside", "galculator")
    found = calculated(world, "galculator-outside").data
    world.display.close_window(world.window)
    world.ended()
    world.clear()
    return found


def draws_and_calculates(world):
    """Its window with the result, pixel by pixel as outside."""
    bare = world.outside("galculator", lambda: outside(world))
    world.run("galculator")
    assert_alike(calculated(world, "galculator").data, bare, "the window")


STEPS = [draws_and_calculates, confined, canary, bus, ends]
