"""--check lists each way that still starts an integrated app outside, and says when a wrapper counts for nothing."""
import os
import shutil

from desk import AUTOSTART, HOME, OWN, SERVICE, SYSTEM, VIEWER, VIEWER_ENTRY, integrate, make, read, write
from support import SANDBOX, check, equal

make()
equal(integrate("--check").stdout, "", "nothing is integrated yet")
done = integrate("--check", "viewer")
equal((done.returncode, done.stderr), (125, "sandbox: org.example.Viewer: it is not integrated; see sandbox integrate\n"), "by name")
integrate("viewer")
APP = "org.example.Viewer: "
path = f"{APP}starts outside through PATH: {VIEWER}\n"
done = integrate("--check")
equal((done.returncode, done.stdout, done.stderr), (1, path, ""), "the shell is all that is left")

# Each further way is one line.
os.symlink(VIEWER, os.path.join(SYSTEM, "bin/other-name"))
write(os.path.join(SYSTEM, "share/applications/kde/twin.desktop"), VIEWER_ENTRY)
write(os.path.join(SYSTEM, "share/applications/unrelated.desktop"), VIEWER_ENTRY.replace("viewer", "true"))
write(os.path.join(SYSTEM, "xdg/autostart/second.desktop"), AUTOSTART)
write(os.path.join(SYSTEM, "share/dbus-1/services/second.service"), SERVICE.replace("example.Viewer", "example.Second"))
found = integrate("--check", "viewer").stdout.splitlines()
equal(sorted(found), sorted([
    f"{APP}starts outside through a menu entry: {SYSTEM}/share/applications/kde/twin.desktop",
    f"{APP}starts outside through autostart: {SYSTEM}/xdg/autostart/second.desktop",
    f"{APP}starts outside through a D-Bus service: {SYSTEM}/share/dbus-1/services/second.service",
    f"{APP}starts outside through PATH: {VIEWER}",
    f"{APP}starts outside through PATH: {SYSTEM}/bin/other-name"]), "every way")
# What start programs of the app are taken over by the next one; the twin has another name and stays, told.
integrate("viewer")
equal(sorted(integrate("--check").stdout.splitlines()), sorted([
    f"{APP}starts outside through a menu entry: {SYSTEM}/share/applications/kde/twin.desktop", path.rstrip("\n"),
    f"{APP}starts outside through PATH: {SYSTEM}/bin/other-name"]), "after another integrate")

# What only begins as a wrapper does is none.
own = os.path.join(OWN["menu"], "org.example.Viewer.desktop")
begins = os.path.join(SYSTEM, "xdg/autostart/org.example.Viewer.desktop")
command = next(line for line in read(own).splitlines() if line.startswith("Exec="))
for behind, told in (("", False), (f"; {VIEWER}", True), (" $(viewer)", True)):
    write(begins, AUTOSTART.replace(next(line for line in AUTOSTART.splitlines() if line.startswith("Exec=")), command + behind))
    equal(f"{APP}starts outside through autostart: {begins}" in integrate("--check").stdout.splitlines(), told, f"an entry with {behind!r} behind the wrapper")
os.unlink(begins)

# A wrapper that counts for nothing lets the desktop fall back to the entry behind it: that is told.
own = os.path.join(OWN["menu"], "org.example.Viewer.desktop")
wrapper = read(own)
write(own, wrapper.replace("Name=Viewer", "Name=Changed"))
check(f"{APP}the wrapper '{own}' was changed by somebody\n" in integrate("--check").stdout, "changed")
os.unlink(own)
found = integrate("--check").stdout
check(f"{APP}the wrapper '{own}' is gone\n" in found, found)
check(f"starts outside through a menu entry: {SYSTEM}/share/applications/org.example.Viewer.desktop\n" in found, found)
write(own, wrapper)
shutil.move(VIEWER, VIEWER + ".away")
write(os.path.join(SYSTEM, "bin/stand-in"), "#!/bin/sh\n", 0o755)
found = integrate("--check").stdout
check(f"the wrapper '{own}' counts for nothing: its TryExec 'viewer' is not there\n" in found, found)
shutil.move(VIEWER + ".away", VIEWER)
equal(integrate("--undo").returncode, 0, "undo")
done = integrate("--undo", "nosuch")
equal((done.returncode, done.stdout, done.stderr), (0, "", "sandbox: warning: nosuch: nothing of it is integrated\n"), "undo of what is not integrated")

# A program that is moved away takes its wrappers' sense with it: the desktop starts the app outside, and it is told.
moved = os.path.join(HOME, "tree")
prefix = os.path.dirname(os.path.dirname(SANDBOX))
shutil.copytree(prefix, moved)
from support import run  # noqa: E402
from desk import ENVIRONMENT  # noqa: E402
equal(run(f"{moved}/bin/sandbox", "integrate", "viewer", env=ENVIRONMENT).returncode, 0, "from another folder")
os.rename(moved, moved + "-away")
found = integrate("--check").stdout
check(f"the wrapper '{own}' counts for nothing: '{moved}/bin/sandbox' cannot be run\n" in found, found)
equal(integrate("--undo").returncode, 0, "undo by another copy")
check(not os.path.exists(own), "undone")
