"""Notifications, the tray, requests that the screen stay on and the controls of players: each service opens its own calls, and those
alone, to whoever is there on the bus."""
import json

from services.helpers import *

# Of each service: calls that it opens, then calls beside them to the same peers.
SCREEN = ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver")
BUBBLES = ("org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications")
TRAY = ("org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher", "org.kde.StatusNotifierWatcher")
SESSION = ("org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager")
KEYS = ("org.gnome.SettingsDaemon.MediaKeys", "/org/gnome/SettingsDaemon/MediaKeys", "org.gnome.SettingsDaemon.MediaKeys")
ROWS = {
    "notifications": ([(*BUBBLES, "Notify"), (*BUBBLES, "GetCapabilities")], [(*BUBBLES[:2], "org.example.Other", "Clear"), (BUBBLES[0], "/other", BUBBLES[2], "Notify")]),
    "tray": ([(*TRAY, "RegisterStatusNotifierItem")], [(*TRAY, "RegisterStatusNotifierHost")]),
    "inhibit": ([(*SCREEN, "Inhibit"), (*SCREEN, "UnInhibit"), (*SESSION, "Inhibit")],
                [(*SCREEN, "Lock"), (*SCREEN, "SimulateUserActivity"), (*SESSION, "Logout"), (*SESSION, "Setenv"), (*SESSION, "RegisterClient")]),
    "mpris": ([(*KEYS, "GrabMediaPlayerKeys")], [("org.gnome.SettingsDaemon.Power", "/org/gnome/SettingsDaemon/Power", "org.gnome.SettingsDaemon.Power", "Suspend")]),
}
NAMES = ("org.freedesktop.ScreenSaver", "org.freedesktop.Notifications", "org.kde.StatusNotifierWatcher", "org.gnome.SessionManager",
         "org.gnome.SettingsDaemon.MediaKeys", "org.gnome.SettingsDaemon.Power")
SCRIPT = r'''
import json
c = wire.Connection(BUS)
print(json.dumps([c.verdict(*row) for row in json.loads(sys.argv[1])]))
'''
every = [row for opened, beside in ROWS.values() for row in (*opened, *beside)]
with bus():
    peer = Service(*NAMES)
    host = wire.Connection(SESSION_BUS)
    equal([host.verdict(*row) for row in every], ["ok"] * len(every), "the control: from outside")
    for name, (opened, _) in ROWS.items():
        profile(f"org.example.{name}", f"[services]\n{name} = true\n")
        peer.seen.clear()
        lines = said(inside(f"org.example.{name}", SCRIPT, json.dumps(every)), name)
        found = dict(zip(every, json.loads(lines[0])))
        equal([row for row, verdict in found.items() if verdict == "ok"], opened, f"what {name} opens")
        check(all(verdict in ("ok", "AccessDenied", "ServiceUnknown") for verdict in found.values()), found)
        equal(peer.members(), [row[3] for row in opened], f"what {name} let through to the peer")
