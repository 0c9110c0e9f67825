"""An application that owns its name on the bus, beside one of the same kind outside: each opens its own windows, and a further start
of either reaches its own kind alone."""
import subprocess

from common import bus, confined
from world import HOME, SANDBOX, equal, wait_until

NEEDS = ("x11",)
NAME = "org.xfce.mousepad"
OWN = ["--set", f'dbus.session={{"{NAME}"="own"}}']
PRIVATE = ["--set", f'dbus.session={{"{NAME}"="own-private"}}']


def path_of(name):
    path = f"{HOME}/Documents/{name}.txt"
    with open(path, "w") as file:
        file.write(name + "\n")
    return path


def machine_of(world, name):
    """Where the program says that it runs which shows that file: the host's name, or that of the sandboxes."""
    window, _ = wait_until(lambda: f"a window of {name}; there are {world.display.windows()}", lambda: next(iter(world.display.windows(name).items()), None))
    said = world.display.tool("xprop", "-id", str(window), "WM_CLIENT_MACHINE").stdout
    return "inside" if '"sandbox"' in said else "outside"


def outside(world):
    """The twin: without a sandbox, it owns the name on the bus."""
    world.twin = subprocess.Popen(["mousepad", path_of("twin 1001")], env=world.host_environment(), stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    equal(machine_of(world, "twin 1001"), "outside", "whose window")
    equal(world.bus.names(NAME), [NAME], "the name on the bus")
    world.ours.add(world.twin.pid)


def owned_in_public(world):
    """The control: with the name owned as it is, the start inside makes the twin open its file, outside."""
    done = subprocess.run([SANDBOX, "run", *OWN, "mousepad", path_of("handed 1002")], env=world.display.environment, capture_output=True, text=True, timeout=90)
    equal(done.returncode, 0, done.stderr)
    equal(machine_of(world, "handed 1002"), "outside", "whose window")


def draws(world):
    """With a name of its own it has its own window, beside the twin's."""
    world.run("mousepad", path_of("inside 1003"), options=PRIVATE, name="mousepad-private")
    world.wait_window("inside 1003")
    equal(machine_of(world, "inside 1003"), "inside", "whose window")
    world.display.picture("twin")


def further_starts(world):
    """A further start inside is handed to the one inside, a further start outside to the twin; both end at once."""
    done = subprocess.run([SANDBOX, "exec", world.instance, "--", "/usr/bin/mousepad", path_of("inside 1004")], env=world.display.environment,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90)
    equal(done.returncode, 0, done.stderr)
    equal(machine_of(world, "inside 1004"), "inside", "whose window")
    done = subprocess.run(["mousepad", path_of("twin 1005")], env=world.host_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90)
    equal(done.returncode, 0, done.stderr)
    equal(machine_of(world, "twin 1005"), "outside", "whose window")


def activated(world):
    """Who calls the name outside reaches the twin; no window of it is one of the one inside."""
    before = len(world.display.windows("inside"))
    world.bus.ask(NAME, "--object-path", "/org/xfce/mousepad", "--method", "org.freedesktop.Application.Open", f"['file://{path_of('called 1006')}']", "{}")
    equal(machine_of(world, "called 1006"), "outside", "whose window")
    equal(len(world.display.windows("inside")), before, "windows inside")
    equal(len(world.bus.names("org.sandbox.private.i")), 1, "names of the one inside")


def end(world):
    """The one inside ends with its windows; the twin goes on."""
    for window in [*world.display.windows("inside 100[34]")]:
        world.display.close_window(window)
    equal(world.ended(), 0, "status")
    assert world.twin.poll() is None and world.bus.names(NAME) == [NAME], "the twin"
    world.twin.terminate()
    world.twin.wait(20)
    world.nothing_left()


STEPS = [outside, owned_in_public, draws, confined, bus, further_starts, activated, end]
