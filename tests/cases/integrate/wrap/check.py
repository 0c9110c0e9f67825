"""Menus, actions, MIME types and autostart start the sandboxed app; once more changes nothing; --undo puts all back."""
import os

from desk import AUTOSTART, ENTRY, HOME, OWN, PREFIX, SYSTEM, VIEWER_ENTRY, integrate, make, read, reported, snapshot, user_data, write
from support import check, equal, run

make()
letter = os.path.join(HOME, "Documents/report.pdf")
write(letter, "%PDF-1.4 a page")
entry = os.path.join(SYSTEM, ENTRY)
host = os.uname().nodename

# The control: nothing is between the icon and the program yet.
equal(reported("gio", "launch", entry, letter), [host, "--title", 'a "b" $c', letter, "%PDF-1.4 a page"], "before")

# One of the two is the user's own already, as a link to where it is kept.
own = os.path.join(OWN["menu"], "org.example.Viewer.desktop")
kept = os.path.join(HOME, "dotfiles/viewer.desktop")
write(kept, VIEWER_ENTRY.replace("Name=Viewer\n", "Name=My Viewer\n"))
os.makedirs(OWN["menu"])
os.symlink(kept, own)
run("update-desktop-database", OWN["menu"])
before, system = user_data(), snapshot(SYSTEM, os.path.dirname(kept))

login = os.path.join(OWN["autostart"], "viewer-login.desktop")
service = os.path.join(OWN["service"], "org.example.Viewer.service")
done = integrate("viewer")
equal((done.returncode, done.stderr), (0, ""), "integrate")
equal(sorted(done.stdout.splitlines()), sorted(f"org.example.Viewer: {path}" for path in (own, login, service)), "what was made")
wrapper = read(own)
for line in VIEWER_ENTRY.replace("Name=Viewer\n", "Name=My Viewer\n").splitlines():
    wanted = "DBusActivatable=false" if line.startswith("DBus") else line.replace("Exec=viewer", f"Exec={PREFIX}viewer") if line.startswith("Exec") else line
    check(line.startswith("#") or wanted in wrapper.splitlines(), f"{wanted!r} is not in {wrapper}")
check(f"Exec={PREFIX}viewer --background\n" in read(login), f"autostart: {read(login)}")
for path in (own, login):
    done = run("desktop-file-validate", path)
    equal((done.returncode, done.stdout + done.stderr), (0, ""), "desktop-file-validate")

# Whatever way leads through the desktop leads inside, with every word as it was, and the file can be read there.
inside = ["sandbox", "--title", 'a "b" $c', letter, "%PDF-1.4 a page"]
equal(reported("gio", "launch", own, letter), inside, "gio launch")
equal(reported("gio", "open", letter), inside, "gio open, by the MIME type")
spaced = os.path.join(HOME, "Documents/-a b;c$(touch x).pdf")
write(spaced, "%PDF-1.4 another")
equal(reported("gio", "open", spaced), inside[:3] + [spaced, "%PDF-1.4 another"], "a hostile name")
equal(reported("gio", "launch", login), ["sandbox", "--background", ""], "autostart")

# Once more: nothing is said, and nothing touched.
once = user_data()
done = integrate("viewer")
equal((done.returncode, done.stdout, done.stderr), (0, "", ""), "again")
equal(user_data(), once, "the second time changes nothing")

# A newer entry of the system is taken over.
done = integrate("--undo", "viewer")
equal((done.returncode, done.stderr), (0, ""), "undo")
equal(user_data(), before, "what was there before, to the byte")
equal(snapshot(SYSTEM, os.path.dirname(kept)), system, "the entries themselves were never written")
equal(reported("gio", "launch", own, letter)[0], host, "outside again")

# Without one of the user's own, and with an entry that changes while it is wrapped.
os.unlink(own)
before = user_data()
integrate("viewer")
write(entry, read(entry).replace("Name=Viewer", "Name=Newer"))
equal(integrate("viewer").stdout, f"org.example.Viewer: {own}\n", "a newer entry is wrapped anew")
check("Name=Newer" in read(own), "the newer entry")
# A wrapper that the user has changed is the user's.
write(login, AUTOSTART.replace("Viewer at", "Mine at"))
done = integrate("viewer")
check(done.returncode == 125 and f"'{login}' was changed since the sandbox made it, and is left alone" in done.stderr, done.stderr)
done = integrate("--undo")
equal(done.returncode, 125, "a changed one")
check(f"'{login}' was changed since the sandbox made it, and is left; remove it yourself" in done.stderr, done.stderr)
check("Mine at" in read(login) and not os.path.exists(own), "the others are undone")
os.unlink(login)
equal(integrate("--undo").returncode, 0, "undone")
equal(user_data(), before, "nothing is left")
