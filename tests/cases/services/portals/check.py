"""A real portal knows the app by its id, through the proxy; what it opens unasked needs a permission of its own."""
import shutil

from services.helpers import *

profile("org.example.Portal", "[services]\nportals = true\n")
profile("org.example.Opens", "[services]\nportals = { open-uri = true }\n")
profile("org.example.Casts", "[services]\nportals = { screen-cast = true }\n")
IMPLEMENTATION = "org.freedesktop.impl.portal.desktop.test"
SCRIPT = r'''
PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop")
c = wire.Connection(BUS)
print("notify", c.verdict(*PORTAL, "org.freedesktop.portal.Notification", "AddNotification", "sa{sv}", ("mine", [])))
print("open", c.verdict(*PORTAL, "org.freedesktop.portal.OpenURI", "OpenURI", "ssa{sv}", ("", "http://192.0.2.1/", [])))
for method in ("OpenFile", "OpenDirectory"):
    print(method, c.verdict(*PORTAL, "org.freedesktop.portal.OpenURI", method, "sha{sv}", ("", 0, [])))
for interface in ("Screenshot", "Camera", "Background", "Secret", "RemoteDesktop"):
    print(interface, c.verdict(*PORTAL, "org.freedesktop.portal." + interface, "Any"))
for method in ("CreateSession", "SelectSources", "Start", "OpenPipeWireRemote"): # without what they need: whether they are let through
    print(method, c.verdict(*PORTAL, "org.freedesktop.portal.ScreenCast", method, "a{sv}", ([],)))
print("back end", c.verdict(sys.argv[1], PORTAL[1], "org.freedesktop.impl.portal.Notification", "AddNotification", "ss", ("x", "y")))
print("store", c.verdict("org.freedesktop.impl.portal.PermissionStore", "/", "org.freedesktop.impl.portal.PermissionStore", "List"))
print("choose", c.verdict(*PORTAL, "org.freedesktop.portal.FileChooser", "Any"))
print("documents", c.verdict("org.freedesktop.portal.Documents", "/org/freedesktop/portal/documents", "org.freedesktop.portal.Documents", "Any"))
if os.path.exists("/.flatpak-info"): print(open("/.flatpak-info").read().split()[1], open(os.environ["XDG_RUNTIME_DIR"] + "/flatpak-info").read().split()[1])
'''
# Documents are shown to one of them; the other would be handed files that it cannot open.
os.makedirs(os.path.join(RUNTIME, "doc/by-app/org.example.Portal"))
folder = os.path.join(HOME, "portals")
os.makedirs(folder)
with open(os.path.join(folder, "test.portal"), "w") as file:
    file.write(f"[portal]\nDBusName={IMPLEMENTATION}\nInterfaces=org.freedesktop.impl.portal.Notification;org.freedesktop.impl.portal.ScreenCast\nUseIn=test\n")
with bus():
    backend = Service(IMPLEMENTATION)
    control = wire.Connection(SESSION_BUS)
    portal = subprocess.Popen(["/usr/libexec/xdg-desktop-portal"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={SESSION_BUS}", "XDG_DESKTOP_PORTAL_DIR": folder, "XDG_CURRENT_DESKTOP": "test"})

    def known_as():
        """The ids under which the back end was told of notifications, which is after the caller was answered."""
        return wait_until("the back end is told", lambda: [m.values()[0] for m in backend.seen if m.fields.get(wire.MEMBER) == "AddNotification"])

    try:
        wait_until("the portal", lambda: control.bus("NameHasOwner", "s", "org.freedesktop.portal.Desktop").values() == [1], 60)
        for name, opens, casts in (("org.example.Portal", False, False), ("org.example.Opens", True, False), ("org.example.Casts", False, True)):
            backend.seen.clear()
            done = inside(name, SCRIPT, IMPLEMENTATION)
            equal(done.returncode, 0, done.stderr)
            lines = done.stdout.splitlines()
            equal(lines[0], "notify ok", "a notification")
            equal(known_as(), [name], "as whom the portal knows it")
            equal(lines[1] != "open AccessDenied", opens, f"to open an address: {lines[1]}")
            equal(lines[2:4], ["OpenFile AccessDenied", "OpenDirectory AccessDenied"], "to open what the app wrote, outside")
            equal(lines[4:9], [f"{one} AccessDenied" for one in ("Screenshot", "Camera", "Background", "Secret", "RemoteDesktop")], "what is not granted")
            equal(["AccessDenied" in line for line in lines[9:13]], [not casts] * 4, f"to be shown the screen: {lines[9:13]}")
            equal(lines[13:15], ["back end ServiceUnknown", "store ServiceUnknown"], "what stands behind the portal")
            shown = name == "org.example.Portal"
            equal(lines[15], "choose UnknownMethod" if shown else "choose AccessDenied", "to choose files")
            if not shown: # where it is let through, the answer is that of whatever documents portal could start here
                equal(lines[16], "documents ServiceUnknown", "the portal of documents")
            equal(lines[17:], [f"name={name} name={name}"] if shown else [], "what tells toolkits")
            warned = "" if shown else "no dialogs of the portals"
            check(warned in done.stderr and (shown or done.stderr.count("\n") == 1) and (not shown or not done.stderr), done.stderr)
        # The control: a program of the host is no app to the portal.
        backend.seen.clear()
        control.call("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Notification", "AddNotification", "sa{sv}", ("mine", []))
        equal(known_as(), [""], "the host")
    finally:
        portal.kill()
        portal.wait()
shutil.rmtree(os.path.join(RUNTIME, "doc"))
