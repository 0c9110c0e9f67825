"""What takes long says what it does, on a terminal only, and leaves nothing of it there."""
import glob

from support import *

works()
apps = f"{HOME}/.config/sandbox/apps"
os.makedirs(apps)
for number in range(300):
    with open(f"{apps}/org.example.Many{number}.toml", "w") as file:
        file.write('schema = 1\n[app]\nexec = ["/bin/true"]\nextends = ["class/headless"]\n')
terminal = Terminal(SANDBOX, "profile", "check", columns=300)
terminal.expect(r"\r\x1b\[K\d+ of \d+: org\.example\.Many\d+", 60)
terminal.expect(r"\r\x1b\[K(missing: [^\r]*\r\n)*\d+ profiles, ", 120)  # the line is cleared before the answer; not all apps may be installed
equal(terminal.ended(60), 0, "status")
check("\x1b[K" not in terminal.output and " of " not in terminal.output, f"what is left: {terminal.output!r}")
imports = ["profile", "import", "--write", "firejail", *sorted(glob.glob("/etc/firejail/[c-g]*.profile"))]
learn = ["profile", "learn", "--class", "headless", "--id", "learned", "/bin/sh", "-c"]
quiet = f"cat {HOME}/notes >/dev/null; sleep 1.2"
with open(f"{HOME}/notes", "w") as file:
    file.write("a note\n")
for command in (("profile", "check"), ("doctor",), ("selftest",), (*learn, quiet), imports, ("integrate",), ("integrate", "--undo")):
    done = run(SANDBOX, *command, timeout=120)
    check("\r" not in done.stdout + done.stderr and "\x1b[K" not in done.stdout + done.stderr, f"{command} without a terminal: {done.stderr!r}")
terminal = Terminal(SANDBOX, "selftest", columns=300)
terminal.expect(r"\r\x1b\[Kthe attacks run inside of 'minimal'", 60)
terminal.expect(r"\r\x1b\[K.*classes tried", 120)
terminal.ended(60)

# The import of many.
terminal = Terminal(SANDBOX, *imports[:3], "--force", *imports[3:], columns=300)
terminal.expect(rf"\r\x1b\[K\d+ of {len(imports) - 4}: /etc/firejail/\w", 60)
terminal.expect(r"\r\x1b\[Ksandbox: warning: .*apps/chromium\.toml\r\n", 120)
equal(terminal.ended(60), 0, "status of import")
check("\x1b[K" not in terminal.output, f"what is left: {terminal.output!r}")

# integrate reads every profile before it does anything.
terminal = Terminal(SANDBOX, "integrate", columns=300)
terminal.expect(r"\r\x1b\[Kreading the profile of org\.example\.Many\d+", 60)
terminal.ended(120)
check(not terminal.output.split("\r\x1b[K")[-1].startswith("reading"), f"what is left: {terminal.output!r}")
equal(run(SANDBOX, "integrate", "--undo", timeout=120).returncode, 0, "status of --undo")

# learn: how much was seen, while the program leaves the terminal alone; no colours in it.
terminal = Terminal(SANDBOX, *learn, quiet, columns=300)
for doing in ("learning", "trying"):
    terminal.expect(rf"\r\x1b\[K{doing}: ([3-9]|\d\d+) files and 0 connections so far", 60) # the first tick may come before any file
terminal.expect(r"\r\x1b\[K# observed", 60)
equal(terminal.ended(60), 0, "status of learn")
check("so far" not in terminal.output and "\x1b[K" not in terminal.output, f"what is left: {terminal.output!r}")
# It goes before the program writes, and stays away from one that asks.
terminal = Terminal(SANDBOX, *learn, "sleep 1; echo first; sleep 1; printf 'name? '; sleep 1; read name; echo hello $name; sleep 1", columns=300)
for doing in ("learning", "trying"):
    terminal.expect(rf"{doing}: \d+ files? and 0 connections so far\r\x1b\[Kfirst\r\n", 60)
    terminal.expect(r"(\r\x1b\[K[^\r]* so far)?(\r\x1b\[K)?name\? $", 60)
    terminal.send("you\n")
    found = terminal.expect(r"(.*?)hello you\r\n", 60)
    check("so far" not in found.group(), f"drawn over a question: {found.group()!r}")
terminal.expect(r"# observed", 60)
equal(terminal.ended(60), 0, "status of learn")
check("so far" not in terminal.output, f"drawn after the program had read from the terminal: {terminal.output!r}")
