"""Every way in which a desktop starts an entry keeps its meaning through the wrapper: an action, one start or several for several
files, a terminal, the words that belong to one start; the place of the entry is not handed on."""
import os

from desk import ENTRY, ENVIRONMENT, HOME, OWN, REPORT, SYSTEM, VIEWER, integrate, make, read, write
from support import check, equal, run, wait_until

make()
write(VIEWER, f"""#!/bin/sh
told=$(uname -n; printf '%s\\n' "$@"; env | grep -E '^(GIO_|DESKTOP_STARTUP_ID|XDG_ACTIVATION_TOKEN)' | sort)
printf '%s\\nend\\n' "$told" >>{REPORT}
""", 0o755)
files = [os.path.join(HOME, f"Documents/{name}.pdf") for name in ("one", "two")]
for path in files:
    write(path, "%PDF-1.4 a page")
LAUNCH = """import sys
from gi.repository import Gio
entry = Gio.DesktopAppInfo.new_from_filename(sys.argv[1])
context = Gio.AppLaunchContext()
context.setenv("DESKTOP_STARTUP_ID", "start-77")
context.setenv("XDG_ACTIVATION_TOKEN", "token-78")
if sys.argv[2] == "action": entry.launch_action(sys.argv[3], context)
else: entry.launch_uris(["file://" + path for path in sys.argv[3:]], context)
"""


def started(count, *words):
    """What that many starts told, each a list of lines; the places of files as they are."""
    if os.path.exists(REPORT):
        os.unlink(REPORT)
    own = os.path.join(OWN["menu"], os.path.basename(ENTRY))
    done = run("/usr/bin/python3", "-c", LAUNCH, own, *words, env=ENVIRONMENT)
    equal(done.returncode, 0, done.stderr)
    wait_until(f"{count} starts", lambda: os.path.exists(REPORT) and read(REPORT).count("\nend\n") == count, 20)
    return [text.splitlines() for text in read(REPORT).split("end\n")[:-1]]


entry = os.path.join(SYSTEM, ENTRY)
kept = read(entry)
THESE = ["DESKTOP_STARTUP_ID=start-77", "XDG_ACTIVATION_TOKEN=token-78"]
equal(integrate("viewer").returncode, 0, "integrate")
equal(started(1, "action", "new"), [["sandbox", "--new-window", *THESE]], "an action")
equal(started(1, "files", *files), [["sandbox", "--title", 'a "b" $c', *files, *THESE]], "%U: one start for both")
write(entry, kept.replace("%U", "%u"))
integrate("viewer")
both = started(2, "files", *files)
equal(sorted(lines[3] for lines in both), files, "%u: a start for each")
check(all(lines[0] == "sandbox" and lines[4:] in (THESE, []) for lines in both), both)
write(entry, kept.replace("%U", "--file=%f"))
integrate("viewer")
equal(started(1, "files", files[0])[0][:4], ["sandbox", "--title", 'a "b" $c', f"--file={files[0]}"], "a field within a word")
# A terminal runs the wrapper's command line.
write(os.path.join(SYSTEM, "bin/xterm"), '#!/bin/sh\nprintf "%s\\n" terminal >>' + REPORT + '\nshift\nexec "$@"\n', 0o755)
for name in ("xdg-terminal-exec", "gnome-terminal", "mate-terminal", "xfce4-terminal"):
    write(os.path.join(SYSTEM, "bin", name), read(os.path.join(SYSTEM, "bin/xterm")), 0o755)
write(entry, kept.replace("Type=Application", "Type=Application\nTerminal=true"))
integrate("viewer")
equal(started(1, "files", files[0])[0][:5], ["terminal", "sandbox", "--title", 'a "b" $c', files[0]], "in a terminal")
equal(integrate("--undo").returncode, 0, "undone")
