"""What the profiles of the browsers and of a viewer grant beside what their own cases use, or notice in a picture: looked at by a program in
the application's place, and compared with what the same program finds outside. By tests/apps/ablate each of them is seen to be needed."""
import json
import os
import shutil
import subprocess

from world import HOME, RUNTIME, SANDBOX, equal

NEEDS = ("x11",)
# What a desktop tells its programs by: language, zone, terminal, what a window manager hands to one start, looks.
KEPT = {"LANG": "C.UTF-8", "LANGUAGE": "de:en", "LC_TIME": "C.UTF-8", "TZ": "Asia/Tokyo", "TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": "1", "CLICOLOR": "1",
        "CLICOLOR_FORCE": "1", "COLUMNS": "81", "LINES": "25", "DESKTOP_STARTUP_ID": "start 1", "XDG_ACTIVATION_TOKEN": "token 1", "XDG_CURRENT_DESKTOP": "XFCE",
        "XDG_SESSION_DESKTOP": "xfce", "DESKTOP_SESSION": "xfce", "GTK_THEME": "Adwaita:dark", "QT_STYLE_OVERRIDE": "Fusion", "QT_QPA_PLATFORMTHEME": "gtk3",
        "XCURSOR_THEME": "Adwaita", "XCURSOR_SIZE": "48", "XDG_SESSION_TYPE": "x11", "GDK_SCALE": "2", "GDK_DPI_SCALE": "1.5", "QT_SCALE_FACTOR": "2",
        "GTK_IM_MODULE": "ibus", "QT_IM_MODULE": "ibus", "XMODIFIERS": "@im=ibus"}
SECRETS = {"AWS_SECRET_ACCESS_KEY": "secret", "SSH_AUTH_SOCK": "/run/agent", "LD_PRELOAD": "", "GTK_MODULES": "none"}
LOOKS = [f"{HOME}/.icons", f"{HOME}/.themes", f"{HOME}/.local/share/icons", f"{HOME}/.local/share/themes", f"{HOME}/.config/gtk-3.0", f"{HOME}/.config/gtk-4.0"]
FONTS = {f"{HOME}/.fonts": "of-the-home", f"{HOME}/.local/share/fonts": "of-the-data", f"{HOME}/.config/fontconfig": ""}
ABSENT = {"port of imaps": "OSError", "folder for downloads": None}
ALSA = ["/etc/alsa", "/etc/asound.conf"]
OWN = {"kdeglobals": "[General]\n", "user-dirs.dirs": 'XDG_DOWNLOAD_DIR="$HOME/Incoming"\n'}
GPU = ["/sys/dev/char", "/sys/devices/pci0000:00", "/sys/devices/platform"]
# By name: whom a program calls, and what it says.
CALLS = {
    "screen saver": ("org.freedesktop.ScreenSaver", "/ScreenSaver", "org.freedesktop.ScreenSaver.Inhibit", "test", "film"),
    "screen of GNOME": ("org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager.Inhibit", "test", "uint32 0", "film", "uint32 8"),
    "screen of older desktops": ("org.freedesktop.PowerManagement.Inhibit", "/org/freedesktop/PowerManagement/Inhibit", "org.freedesktop.PowerManagement.Inhibit.Inhibit", "test", "film"),
    "notification": ("org.freedesktop.Notifications", "/org/freedesktop/Notifications", "org.freedesktop.Notifications.Notify", "test", "uint32 0", "", "told", "", "@as []", "@a{sv} {}", "1"),
    "address": ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.OpenURI.OpenURI", "", "mailto:a@example.org", "{}"),
    "settings": ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings.ReadAll", "['']"),
    "documents": ("org.freedesktop.portal.Documents", "/org/freedesktop/portal/documents", "org.freedesktop.portal.Documents.GetMountPoint"),
    "input by IBus": ("org.freedesktop.portal.IBus", "/org/freedesktop/IBus", "org.freedesktop.IBus.Portal.CreateInputContext", "test"),
    "input by Fcitx": ("org.freedesktop.portal.Fcitx", "/org/freedesktop/portal/inputmethod", "org.fcitx.Fcitx.InputMethod1.CreateInputContext", "[('program', 'test')]"),
    # What nobody is granted: the same services' other calls.
    "lock": ("org.freedesktop.ScreenSaver", "/ScreenSaver", "org.freedesktop.ScreenSaver.Lock"),
    "log out": ("org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager.Logout", "uint32 0"),
}
OF_BROWSERS = {name for name in CALLS if name not in ("lock", "log out")}
OF_VIEWERS = {"settings", "documents", "input by IBus", "input by Fcitx"}
# Both outside and inside, with what to ask for as JSON.
FIND = """
import json, mimetypes, os, socket, subprocess, sys, time
asked = json.loads(sys.argv[1])
def attempt(function, *arguments):
    try:
        return function(*arguments)
    except (OSError, subprocess.SubprocessError) as error:
        return type(error).__name__
def said(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=60, check=True, env={"PATH": "/usr/bin:/usr/sbin", "HOME": os.environ["HOME"], "XDG_CACHE_HOME": "/tmp"}).stdout
def first(path):
    with open(path, "rb", buffering=0) as file:
        return len(file.read(1))
found = {"variables": {name: os.environ.get(name) for name in asked["variables"]}}
os.environ.pop("TZ", None)
time.tzset()
found["zone"] = [time.tzname, "/".join(os.path.realpath("/etc/localtime").split("/")[-2:])]
found["libraries"] = "libc.so.6" in attempt(said, "ldconfig", "-p")
found["awk, an alternative"] = attempt(said, "awk", "BEGIN { print 7 }")
found["port of imaps"] = attempt(socket.getservbyname, "imaps")
found["type of a file"] = mimetypes.guess_type("a.odt")[0]
found["fonts"] = [name for name in ("of-the-home", "of-the-data") if name in attempt(said, "fc-list", ":", "file")]
found["font by the user's rule"] = attempt(said, "fc-match", "Font Of The Test", "family")
found["fonts of the system"] = [os.path.exists("/etc/fonts/fonts.conf"), attempt(lambda: len(os.listdir("/var/cache/fontconfig")) > 0)]
found["of the system"] = {name: attempt(lambda: sorted(os.listdir(name))) for name in ("/etc/gtk-3.0", "/etc/xdg", "/etc/alsa")}
found["of the system"]["/etc/asound.conf"] = attempt(first, "/etc/asound.conf")
found["looks"] = {path: attempt(first, path + "/mark") for path in asked["looks"]}
found["looks"]["kdeglobals"] = attempt(first, asked["config"] + "/kdeglobals")
from gi.repository import GLib
found["folder for downloads"] = GLib.get_user_special_dir(GLib.UserDirectory.DIRECTORY_DOWNLOAD)
found["of the card"] = {path: attempt(lambda: len(os.listdir(path)) > 0) for path in asked["gpu"]}
found["nodes"] = {path: attempt(first, path) for path in ("/dev/dri/renderD128", "/dev/dri/card0")}
found["calls"] = {name: subprocess.run(["/usr/bin/gdbus", "call", "--session", "--dest", to, "--object-path", path, "--method", method, *words], capture_output=True, timeout=60).returncode == 0
                  for name, (to, path, method, *words) in asked["calls"].items()}
print(json.dumps(found))
"""
# A /dev with a graphics card, in namespaces of the user's own: /dev/zero under its names, which is a node of the device file system still.
WITH_CARD = """
import ctypes, os, sys
libc, folder = ctypes.CDLL(None), sys.argv[1]
def mount(source, target, kind=None, flags=0x1000):
    if libc.mount(source.encode(), target.encode(), kind, flags, None) != 0:
        sys.exit(f"cannot mount {source} on {target}")
mount("tmpfs", folder, b"tmpfs", 0)
for name in ("null", "zero", "full", "random", "urandom", "tty", "dri/renderD128", "dri/card0"):
    os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
    open(f"{folder}/{name}", "w").close()
    mount("/dev/zero" if name.startswith("dri/") else f"/dev/{name}", f"{folder}/{name}")
mount(folder, "/dev", flags=0x5000) # with what is mounted below
os.execv("/usr/bin/setpriv", ["setpriv", "--ambient-caps=-all", "--inh-caps=-all", *sys.argv[2:]])
"""


def find(world, *before):
    asked = {"variables": [*KEPT, *SECRETS, "GSETTINGS_BACKEND", "IBUS_USE_PORTAL", "PULSE_SERVER", "MOZ_CRASHREPORTER_DISABLE", "PATH"], "looks": LOOKS, "config": f"{HOME}/.config", "gpu": GPU, "calls": CALLS}
    folder = os.path.join(world.folder, "dev")
    os.makedirs(folder, exist_ok=True)
    own = ["/usr/bin/unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "/usr/bin/python3", "-B", "-c", WITH_CARD, folder]
    done = subprocess.run([*own, *before, "/usr/bin/python3", "-c", FIND, json.dumps(asked)], env={**world.display.environment, **KEPT, **SECRETS}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)
    equal(done.returncode, 0, f"status of {before}, which says {done.stderr[-1500:]!r}")
    return json.loads(done.stdout)


def make_desktop():
    for name in ("org.mozilla.firefox", "org.chromium.Chromium", "org.gnome.Evince"): # as the portal of documents shows each app its own
        os.makedirs(f"{RUNTIME}/doc/by-app/{name}", exist_ok=True)
    for path in LOOKS:
        os.makedirs(path, exist_ok=True)
        with open(f"{path}/mark", "w") as file:
            file.write("1")
    for name, text in OWN.items():
        with open(f"{HOME}/.config/{name}", "w") as file:
            file.write(text)
    for path, name in FONTS.items():
        os.makedirs(path, exist_ok=True)
        if name:
            shutil.copy("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", f"{path}/{name}.ttf")
    with open(f"{HOME}/.config/fontconfig/fonts.conf", "w") as file:
        file.write('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><alias binding="same"><family>Font Of The Test</family>'
                   '<prefer><family>DejaVu Sans Mono</family></prefer></alias></fontconfig>')


def remove_desktop():
    shutil.rmtree(f"{RUNTIME}/doc")
    for path in [*LOOKS, *FONTS]:
        shutil.rmtree(path)
    for name in OWN:
        os.unlink(f"{HOME}/.config/{name}")


def compared(world, name, variables, calls, without):
    """All is as outside, but for the variables of the sandbox's own, the calls that are granted, the keys of `without`."""
    make_desktop()
    try:
        with world.bus.elsewhere():
            outside = world.outside("granted", lambda: find(world))
            inside = find(world, SANDBOX, "run", "--profile", name, "--")
    finally:
        remove_desktop()
    equal(sum(outside["calls"].values()), len(CALLS), "calls that are answered outside")
    equal(inside.pop("variables"), {**dict.fromkeys(SECRETS), **dict.fromkeys(("PULSE_SERVER", "MOZ_CRASHREPORTER_DISABLE")), **KEPT, "GSETTINGS_BACKEND": "keyfile", "IBUS_USE_PORTAL": "1",
                                    "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games", **variables}, "variables")
    equal({call for call, answered in inside.pop("calls").items() if answered}, calls, "calls that are answered")
    equal(inside.pop("nodes"), {"/dev/dri/renderD128": "FileNotFoundError" if "of the card" in without else 1, "/dev/dri/card0": "FileNotFoundError"}, "nodes of the card")
    for what in inside:
        found, wanted = inside[what], outside[what]
        if what in without:
            found, wanted = ([one for one in found.values() if one != "FileNotFoundError"], []) if isinstance(found, dict) else (found, ABSENT[what])
        if what == "of the system" and "sound" in without:
            equal({found.pop(path) for path in ALSA}, {"FileNotFoundError"}, "how ALSA comes to the server")
            wanted = {path: one for path, one in wanted.items() if path not in ALSA}
        equal(found, wanted, what)


def firefox(world):
    compared(world, "firefox", {"PULSE_SERVER": f"unix:{RUNTIME}/pulse/native", "MOZ_CRASHREPORTER_DISABLE": "1"}, OF_BROWSERS, ())


def chromium(world):
    compared(world, "chromium", {"PULSE_SERVER": f"unix:{RUNTIME}/pulse/native"}, OF_BROWSERS, ())


def evince(world):
    compared(world, "evince", {}, OF_VIEWERS, ("of the card", "port of imaps", "folder for downloads", "sound"))


STEPS = [firefox, chromium, evince]
