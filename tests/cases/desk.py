"""A small desktop for the cases of integrate/: folders of a system with a viewer, its entries, and a report of who ran it."""
import os
import shutil
import stat
import subprocess

from support import HOME, SANDBOX, run, wait_until

SYSTEM = os.path.join(HOME, "system")
REPORT = os.path.join(HOME, "report/log")
VIEWER = os.path.join(SYSTEM, "bin/viewer")
ENTRY = "share/applications/org.example.Viewer.desktop"
OWN = {"menu": os.path.join(HOME, ".local/share/applications"), "autostart": os.path.join(HOME, ".config/autostart"),
       "service": os.path.join(HOME, ".local/share/dbus-1/services")}
ENVIRONMENT = {**os.environ, "XDG_DATA_DIRS": f"{SYSTEM}/share:/usr/share", "XDG_CONFIG_DIRS": f"{SYSTEM}/xdg",
               "PATH": f"{SYSTEM}/bin:/usr/bin:/bin"}
PREFIX = f"{SANDBOX} run --profile org.example.Viewer -- "

VIEWER_ENTRY = """# A comment of its packager.
[Desktop Entry]
Type=Application
Name=Viewer
Name[de]=Betrachter
Exec=viewer --title "a \\\\"b\\\\" \\\\$c" %U
TryExec=viewer
MimeType=application/pdf;image/png;
StartupWMClass=Viewer
StartupNotify=true
DBusActivatable=true
Actions=new;
Categories=Utility;

[Desktop Action new]
Name=New Window
Exec=viewer --new-window
"""
AUTOSTART = "[Desktop Entry]\nType=Application\nName=Viewer at login\nExec=viewer --background\n"
SERVICE = f"[D-BUS Service]\nName=org.example.Viewer\nExec={VIEWER} --gapplication-service\nSystemdService=viewer.service\n"


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def read(path):
    with open(path) as file:
        return file.read()


def make():
    """The viewer tells where it runs, how it was called, and what it can read of its last word."""
    write(VIEWER, f"""#!/bin/sh
last=
for word; do last=$word; done
{{ printf '%s' "$(uname -n)"; printf '|%s' "$@"; printf '|%s\\n' "$(cat "$last" 2>/dev/null)"; }} >>{REPORT}
[ "$1" != --gapplication-service ] # the bus is told at once that no service came
""", 0o755)
    os.makedirs(os.path.dirname(REPORT))
    write(os.path.join(SYSTEM, ENTRY), VIEWER_ENTRY)
    write(os.path.join(SYSTEM, "xdg/autostart/viewer-login.desktop"), AUTOSTART)
    write(os.path.join(SYSTEM, "share/dbus-1/services/org.example.Viewer.service"), SERVICE)
    subprocess.run(["update-desktop-database", os.path.join(SYSTEM, "share/applications")], check=True)


def integrate(*words, **keywords):
    keywords.setdefault("env", ENVIRONMENT)
    return run(SANDBOX, "integrate", *words, **keywords)


def reported(*command):
    """Runs something that starts the viewer, and returns its line of the report."""
    if os.path.exists(REPORT):
        os.unlink(REPORT)
    run(*command, env=ENVIRONMENT, cwd=HOME)
    wait_until(f"{command} started the viewer", lambda: os.path.exists(REPORT) and read(REPORT).endswith("\n"), 20)
    return read(REPORT).rstrip("\n").split("|")


def snapshot(*folders):
    """All that is told of files: type, mode, time, bytes."""
    found = {}
    for folder in folders:
        for parent, names, files in os.walk(folder):
            for path in [parent, *(os.path.join(parent, name) for name in files + names)]:
                status = os.lstat(path)
                content = os.readlink(path) if os.path.islink(path) else None
                if stat.S_ISREG(status.st_mode):
                    with open(path, "rb") as file:
                        content = file.read()
                times = None if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
                found[path] = (status.st_mode, times, content)
    return found


def user_data():
    return snapshot(os.path.join(HOME, ".local"), os.path.join(HOME, ".config"))


def forget():
    shutil.rmtree(os.path.join(HOME, ".local"), ignore_errors=True)
