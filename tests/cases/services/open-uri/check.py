"""The desktop's own xdg-open asks the portal to open an address, where the profile lets it, and reaches nothing where it does not."""
import shutil

from services.helpers import *

profile("org.example.Opens", "[services]\nportals = { open-uri = true }\n")
profile("org.example.Views", "[services]\nportals = true\n")
NAME = "org.freedesktop.portal.Desktop"
for name in ("org.example.Opens", "org.example.Views"):
    os.makedirs(os.path.join(RUNTIME, "doc/by-app", name))
with bus():
    portal = Service(NAME)
    for name, opens in (("org.example.Opens", True), ("org.example.Views", False)):
        portal.seen.clear()
        done = run(SANDBOX, "run", "--profile", name, "--", "/usr/bin/xdg-open", "http://192.0.2.1/a page", timeout=60)
        equal(done.returncode == 0, opens, f"what {name} says: {done}")
        asked = [m for m in portal.seen if m.fields.get(wire.MEMBER) == "OpenURI"]
        equal([m.fields[wire.INTERFACE] for m in asked], ["org.freedesktop.portal.OpenURI"] * opens, f"what {name} asked")
shutil.rmtree(os.path.join(RUNTIME, "doc"))
