"""Started by root, the browser runs all the same, confined as any user's."""
import page
from cases.firefox import REMOTE, open_page
from common import confined
from marionette import Marionette
from world import wait_until

NEEDS = ("x11",)


def firefox(world):
    world.run("firefox", *REMOTE, "about:blank", name="firefox-as-root")
    world.remote = Marionette(world.alive)
    page.assert_drawn(open_page(world, "firefox-as-root"))


def terminated(world):
    world.remote.close()
    world.remote = None
    world.running.terminate()
    status = world.ended()
    assert status in (0, 143, -15), f"status {status}"
    wait_until("no process is left", lambda: not world.strangers())


STEPS = [firefox, confined, terminated]
