"""What takes long says what it does, on a terminal only, and leaves nothing of it there."""
from support import *

works()
apps = f"{HOME}/.config/sandbox/apps"
os.makedirs(apps)
for number in range(300):
    with open(f"{apps}/org.example.Many{number}.toml", "w") as file:
        file.write('schema = 1\n[app]\nexec = ["/bin/true"]\nextends = ["class/headless"]\n')
terminal = Terminal(SANDBOX, "profile", "check", columns=300)
terminal.expect(r"\r\x1b\[K\d+ of \d+: org\.example\.Many\d+", 60)
terminal.expect(r"\r\x1b\[K\d+ profiles, ", 120)  # the line is cleared before the answer
equal(terminal.ended(60), 0, "status")
check("\x1b[K" not in terminal.output and " of " not in terminal.output, f"what is left: {terminal.output!r}")
for command in (("profile", "check"), ("doctor",), ("selftest",)):
    done = run(SANDBOX, *command, timeout=120)
    check("\r" not in done.stdout + done.stderr and "\x1b[K" not in done.stdout + done.stderr, f"{command} without a terminal: {done.stderr!r}")
terminal = Terminal(SANDBOX, "selftest", columns=300)
terminal.expect(r"\r\x1b\[Kthe attacks run inside of 'minimal'", 60)
terminal.expect(r"\r\x1b\[K.*classes tried", 120)
terminal.ended(60)
