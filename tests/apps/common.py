"""Steps that every case has: what no application may reach, and how it ends."""
import os

from world import equal, repeat_until, status_of, wait_until


def choose(world, path, title, look=lambda dialog: None):
    """The number of the window of this title, which the viewer opens for the file that is chosen in its dialog; `look` is shown the dialog."""
    def dialogs():
        return world.display.windows("Open Document")

    def ask():
        world.display.focus(world.window)
        world.display.key("ctrl+o")

    def name_it():
        for window in dialogs():
            world.display.close_window(window)
        wait_until("no dialog is open", lambda: not dialogs())
        dialog = next(iter(repeat_until(lambda: f"the dialog appears; there are {world.display.windows()}", ask, dialogs)))
        look(dialog)
        world.display.focus(dialog)
        world.display.type(path)
        world.display.key("Return")
    return next(iter(repeat_until(lambda: f"a window {title}; there are {world.display.windows()}", name_it, lambda: world.display.windows(title))))


def user_namespace(number):
    return os.readlink(f"/proc/{number}/ns/user")


def confined(world):
    """Each process of the sandbox has no capabilities, no_new_privs and a filter."""
    strangers = world.strangers()
    helpers = {number for number, name in strangers.items() if name == "sandbox-helper"}
    numbers = [number for number, name in strangers.items() if name not in ("sandbox-helper", "xdg-dbus-proxy")]
    first = [number for number in numbers if int(status_of(number)["PPid"]) in helpers]
    assert world.alive() and first, f"no application below a helper: {strangers}"
    own = user_namespace(first[0])
    for number in numbers:
        try:
            status, nested = status_of(number), user_namespace(number) != own
        except FileNotFoundError:
            continue
        if status["State"].startswith("Z"):
            continue
        equal((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"), f"no_new_privs and filter of {number}, {status['Name']}")
        # In a namespace that the application made for a process of its own, that process may have capabilities.
        if not nested:
            equal((status["CapEff"], status["CapPrm"], status["CapBnd"]), ("0" * 16,) * 3, f"capabilities of {number}, {status['Name']}")


def canary(world):
    """Neither the key nor any other file of the home that is not granted is read or seen."""
    found = world.inside()
    assert all(text.startswith("refused: ") for text in found["canary"].values()), found["canary"]
    assert not any(name.startswith((".ssh", ".bashrc", ".gnupg")) for name in found["home"]), found["home"]


def bus(world):
    """Raw calls that would run commands outside reach no service; the same calls from outside do."""
    equal(world.bus.call_all("control"), 3, "services that the control call from outside reached")
    before = len(world.bus.calls())
    found = world.inside()["bus"]
    assert len(found) >= 4 and all(text.startswith("refused") for text in found.values()), found
    after = [line for line in world.bus.calls()[before:] if "inside" in line or not line.startswith("org.freedesktop.systemd1")]
    equal(after, [], "calls that reached a service")


def no_sound(world):
    """No door of the sound server is open."""
    found = world.inside("record")
    assert all(row["bytes"] == 0 for row in found["record"].values()), found["record"]


def microphone(world):
    """The microphone hears a tone; inside, where only playing is granted, nothing of it can be recorded."""
    wait_until("the microphone hears the tone", lambda: world.sound.loudness("microphone") > 1000)
    found = world.inside("record")["record"]
    assert not any(row["loud"] for row in found.values()), found


def microphone_where_granted(world):
    """The control: the same attempts hear the tone under the same profile with the microphone granted."""
    found = world.probed("run", "--profile", world.instance.removeprefix("test-"), "--set", "services.audio={microphone=true}", words=("record",))["record"]
    assert found["pulse"]["loud"] and found["pulse default"]["loud"], found


def ends(world):
    """Closing the window ends everything: no process, mount or file of ours is left."""
    world.display.close_window(world.window)
    equal(world.ended(), 0, "status")
    world.nothing_left()
