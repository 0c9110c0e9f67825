"""No text of an entry makes anything run, extends the profile, or is written where it does not belong."""
import os
import shutil

from desk import ENTRY, HOME, OWN, PREFIX, SYSTEM, VIEWER, VIEWER_ENTRY, integrate, make, read, user_data, write
from support import SANDBOX, check, equal, run

make()
entry = os.path.join(SYSTEM, ENTRY)
for kind in ("xdg/autostart/viewer-login.desktop", "share/dbus-1/services/org.example.Viewer.service"):
    os.unlink(os.path.join(SYSTEM, kind))
own = os.path.join(OWN["menu"], "org.example.Viewer.desktop")
plain = "[Desktop Entry]\nType=Application\nName=Viewer\nExec={}\n"
MINE = f"sandbox: org.example.Viewer: '{entry}' is left alone: "
REFUSED = [
    (plain.format("/bin/sh -c 'touch x'"), "its command line has a ''' that is not quoted"),
    (plain.format("/bin/sh -c touch"), "it runs '/usr/bin/dash', which is no program of the profile 'org.example.Viewer'"),
    (plain.format("viewer; touch x"), "its command line has a ';' that is not quoted"),
    (plain.format("viewer `touch x`"), "its command line has a '`' that is not quoted"),
    (plain.format('viewer "$(touch x)"'), "its command line has a '$' that is not quoted"),
    (plain.format("viewer $(touch x)"), "its command line has a '$' that is not quoted"),
    (plain.format("viewer\\ntouch x"), "is not quoted"),
    (plain.format("viewer\\ttouch x"), "is not quoted"),
    (plain.format('viewer "open'), "its command line has a quote that does not close"),
    (plain.format("%k"), "it runs '%k', which is no program"),
    (plain.format(""), "its command line cannot be read"),
    (plain.format("./viewer"), "it runs './viewer', which is no program"),
    (plain.format("env -i viewer"), "it runs '/usr/bin/env', which is no program"),
    (plain.format("env A=b sh"), "it runs '/usr/bin/dash', which is no program"),
    (plain.format("env A=b"), "it runs '/usr/bin/env', which is no program"),
    (plain.format(f"{SANDBOX} run --profile shell -- sh"), "which is no program of the profile"),
    (plain.format("viewer\\x"), "is not quoted"),
    (plain.replace("Application", "Link").format("viewer"), "it is no application"),
    ("[Desktop Entry]\nType=Application\nName=Viewer\n", "it has no command line"),
    (plain.format("viewer") + "[Desktop Action new]\nName=x\nExec=/bin/sh -c id\n", "it runs '/usr/bin/dash', which is no program"),
    (plain.format("viewer") + "[X-Group]\nExec=touch x\n", "which is no program"),
]
before = user_data()
for text, why in REFUSED:
    write(entry, text)
    done = integrate("viewer")
    equal((done.returncode, done.stdout), (125, ""), f"{text!r}: {done.stderr}")
    check(done.stderr.startswith(MINE) and why in done.stderr and done.stderr.count("\n") == 1, f"{text!r}: {done.stderr!r}")
    equal(user_data(), before, f"{text!r} leaves nothing")
# What is no entry at all counts for nothing on the desktop, and here.
for data in (b"\xff\xfe[Desktop Entry]\n", b"[Desktop Entry]\nExec=viewer\0\n", b"no key file\n", b"x" * (2 << 20)):
    with open(entry, "wb") as file:
        file.write(data)
    done = integrate("viewer")
    equal((done.returncode, done.stderr), (125, "sandbox: org.example.Viewer: no .desktop file that its profile names is installed\n"), "no entry")
os.unlink(entry)
os.mkfifo(entry)
equal(integrate("viewer").returncode, 125, "a fifo holds nobody")
os.unlink(entry)
equal(user_data(), before, "none of them leaves anything")

# Folders that hold each other by links hold nobody.
menus = OWN["menu"]
for level in range(9):
    os.makedirs(f"{menus}/level{level}")
    for each in range(30):
        os.symlink(menus, f"{menus}/level{level}/back{each}")
        os.symlink(f"{menus}/level{level + 1}", f"{menus}/level{level}/on{each}")
done = integrate("--check")
check(done.returncode in (0, 1) and done.stderr == "", f"folders that hold each other: {done}")
for level in range(9):
    shutil.rmtree(f"{menus}/level{level}")

# Keys that only some read, or that speak to the sandbox, change nothing: the profile is the one that names the entry.
write(entry, plain.format(f'"{VIEWER}" --a=%f  "b c" %%  %U') + "Exec[de]=touch x\nTryExec[de]=x\nX-Sandbox-Profile=shell\nX-Flatpak=x\nName[\x1b]=y\n".replace("\x1b", "de"))
equal(integrate("viewer").returncode, 0, "an odd one")
wrapper = read(own)
check(f'\nExec={PREFIX}"{VIEWER}" --a=%f  "b c" %%  %U\n' in wrapper, f"every byte behind the prefix: {wrapper}")
check("Exec[" not in wrapper, wrapper)
done = run(SANDBOX, "explain", "--profile", "org.example.Viewer", "--", VIEWER)
check("Sandbox-Profile" not in done.stdout and "class/headless" not in done.stderr and done.returncode == 0, "the profile is the same")

# One of the user's own that runs something else under the app's name is not wrapped: it would get the app's home.
integrate("--undo")
write(own, plain.format("/bin/echo mine"))
before = user_data()
done = integrate("viewer")
check(f"'{own}' is left alone: it runs '/usr/bin/echo'" in done.stderr, done.stderr)
equal(user_data(), before, "left as it is")

# The app itself cannot reach any of it.
done = run(SANDBOX, "run", "--profile", "org.example.Viewer", "--", "/bin/sh", "-c",
           "for f in ~/.local/share/applications ~/.local/share/dbus-1 ~/.config/autostart ~/.local/share/sandbox ~/.config/sandbox; do ls $f; done")
equal(done.stdout, "", "none of the folders is there inside")
check(not any(os.path.exists(os.path.join(HOME, *name)) for name in (("x",), ("system", "x"))), "something ran")
