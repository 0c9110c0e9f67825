"""The portals of the desktop, real ones: a viewer opens a file of a folder that it may not see, chosen in a dialog outside."""
import hashlib
import os
import subprocess

import documents
from common import bus, canary, choose, confined
from world import HOME, RUNTIME, SANDBOX, equal, processes, wait_until

NEEDS = ("x11",)
# One after the other, each with the name that it owns once it serves.
PROGRAMS = [("xdg-permission-store", "org.freedesktop.impl.portal.PermissionStore"), ("xdg-document-portal", "org.freedesktop.portal.Documents"),
            ("xdg-desktop-portal-gtk", "org.freedesktop.impl.portal.desktop.gtk"), ("xdg-desktop-portal", "org.freedesktop.portal.Desktop")]
FIRST, CHOSEN, BESIDE = f"{HOME}/Documents/report 4471.pdf", f"{HOME}/Pictures/chosen 5150.pdf", f"{HOME}/Pictures/beside 5151.pdf"
DRAGGED = f"{HOME}/Pictures/dragged 5152.pdf"
PORTAL = ("org.freedesktop.portal.Desktop", "--object-path", "/org/freedesktop/portal/desktop", "--method")


# What a file manager does when something is dragged from it: the word that it gives out, until its standard input ends.
GIVE = """
import os, sys
from gi.repository import Gio, GLib
bus, files = Gio.bus_get_sync(Gio.BusType.SESSION), Gio.UnixFDList.new()
place = ("org.freedesktop.portal.Documents", "/org/freedesktop/portal/documents", "org.freedesktop.portal.FileTransfer")
word, = bus.call_sync(*place, "StartTransfer", GLib.Variant("(a{sv})", ({},)), None, 0, -1).unpack()
number = files.append(os.open(sys.argv[1], os.O_RDONLY))
bus.call_with_unix_fd_list_sync(*place, "AddFiles", GLib.Variant("(saha{sv})", (word, [number], {})), None, 0, -1, files)
print(word, flush=True)
sys.stdin.read()
"""


def inside(world, *command):
    return subprocess.run([SANDBOX, "exec", world.instance, "--", *command], env=world.display.environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=60)


def asked_inside(world, *words):
    return inside(world, "/usr/bin/gdbus", "call", "--session", "--dest", *words)


def served(world):
    """The portals of the host, with documents of their own file system."""
    world.portals = []
    for program, name in PROGRAMS:
        world.portals.append(subprocess.Popen([f"/usr/libexec/{program}"], env=world.host_environment(), stdin=subprocess.DEVNULL,
                                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        wait_until(f"{program} serves", lambda: name in world.bus.names(name))
    wait_until("documents are shown", lambda: os.path.isdir(f"{RUNTIME}/doc/by-app"))
    with open("/proc/self/mountinfo") as file:
        world.mounts = file.read()
    world.ours = set(processes())


def draws(world):
    """The viewer starts without a word, and sees neither of the two files."""
    documents.pdf(FIRST, "Report number 4471", [(documents.BLUE, "First page")])
    documents.pdf(CHOSEN, "Chosen 5150", [(documents.ORANGE, "Chosen")])
    documents.pdf(BESIDE, "Beside 5151", [(documents.GREEN, "Beside")])
    world.run("evince", FIRST, name="evince-portals")
    world.wait_window("4471")
    assert "sandbox: " not in world.said(), world.said()
    for path in (CHOSEN, BESIDE):
        done = inside(world, "/bin/cat", "--", "/proc/self/root" + path)
        assert done.returncode == 1 and "No such file" in done.stderr, done
    equal(os.listdir(f"{RUNTIME}/doc/by-app/org.gnome.Evince"), [], "documents before")


def chooses(world):
    """Its dialog is the portal's, outside; the file that is chosen there is drawn, and it alone is seen."""
    def look(dialog):
        machine = world.display.tool("xprop", "-id", str(dialog), "WM_CLIENT_MACHINE").stdout
        assert '"sandbox"' not in machine, f"the dialog is the app's own: {machine}"
    choose(world, CHOSEN, "Chosen 5150", look)
    world.wait_picture("portals", "the chosen file's colour", lambda picture: (picture.box_of(documents.ORANGE)[1] or 0) > 2000)
    seen = inside(world, "/usr/bin/find", f"{RUNTIME}/doc", "-type", "f", "-printf", "%f\n").stdout.splitlines()
    equal(seen, ["chosen 5150.pdf"], "the documents inside")
    equal(asked_inside(world, *PORTAL, "org.freedesktop.portal.Settings.ReadAll", "['']").returncode, 0, "to read settings")


def known(world):
    """The portal knows it by its id: the document is that app's, and no other's."""
    words = ("org.freedesktop.portal.Documents", "--object-path", "/org/freedesktop/portal/documents", "--method", "org.freedesktop.portal.Documents.List")
    assert "chosen 5150.pdf" in bytes_of(world.bus.ask(*words, "org.gnome.Evince")), world.bus.ask(*words, "org.gnome.Evince")
    equal(world.bus.ask(*words, "org.example.Other").strip(), "(@a{say} {},)", "documents of another app")


def bytes_of(text):
    """What gdbus prints of byte strings, as text."""
    return text.replace("\\040", " ")


def refused(world):
    """A viewer opens no address, sees no camera and takes no picture of the screen."""
    for method, words in (("OpenURI.OpenURI", ["", "http://192.0.2.1/", "{}"]), ("Camera.AccessCamera", ["{}"]), ("Screenshot.Screenshot", ["", "{}"])):
        done = asked_inside(world, *PORTAL, f"org.freedesktop.portal.{method}", *words)
        assert done.returncode == 1 and "AccessDenied" in done.stderr, f"{method}: {done}"


def takes_what_is_dragged(world):
    """A file that another program hands over, as by dragging or pasting: it alone is seen, and only by whoever knows the word."""
    documents.pdf(DRAGGED, "Dragged 5152", [(documents.BLUE, "Dragged")])
    giver = subprocess.Popen(["/usr/bin/python3", "-c", GIVE, DRAGGED], env=world.host_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        word = giver.stdout.readline().strip()
        words = ("org.freedesktop.portal.Documents", "--object-path", "/org/freedesktop/portal/documents", "--method", "org.freedesktop.portal.FileTransfer.RetrieveFiles")
        done = asked_inside(world, *words, "1234", "{}")
        assert done.returncode == 1, done
        done = asked_inside(world, *words, word, "{}")
        assert done.returncode == 0 and done.stdout.count(f"{RUNTIME}/doc/") == 1, done
        path = done.stdout.split("'")[1]
        equal(inside(world, "/usr/bin/sha256sum", "--", path).stdout.split()[0], hashlib.sha256(open(DRAGGED, "rb").read()).hexdigest(), "what is read of it inside")
    finally:
        giver.communicate("")


def ends(world):
    for window in world.display.windows("4471|Chosen 5150"):
        world.display.close_window(window)
    equal(world.ended(), 0, "status")
    world.nothing_left()
    for process in reversed(world.portals):
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:  # the portal of documents waits for a next request to its file system, which may not come
            process.kill()
            process.wait()

    def gone():
        with open("/proc/self/mountinfo") as file:
            world.mounts = file.read()
        if f" {RUNTIME}/doc " not in world.mounts:
            return True
        # The portal found it busy, a moment after the sandbox's end.
        subprocess.run(["fusermount3", "-u", f"{RUNTIME}/doc"], capture_output=True)
        return False
    wait_until("documents are gone", gone)


STEPS = [served, draws, chooses, known, refused, takes_what_is_dragged, confined, canary, bus, ends]
