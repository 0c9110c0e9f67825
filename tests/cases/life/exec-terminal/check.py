"""A guest at a terminal gets one of the sandbox's own, and job control with it."""
from life.helpers import *

with running("at-a-terminal", "/bin/sleep", "60"):
    terminal = Terminal(SANDBOX, "exec", "at-a-terminal", "--", "/bin/sh", "-c", "tty; echo READY; exec sleep 60")
    terminal.expect(r"/dev/pts/\d+\r\nREADY")
    terminal.send("\x03")
    equal(terminal.ended(), 130, "status after ^C")
    equal(json.loads(verb("state", "at-a-terminal").stdout)["status"], "running", "the app after its guest's ^C")
    plain = verb("exec", "at-a-terminal", "--", "/bin/sh", "-c", "tty")
    equal(plain.stdout, "not a tty\n", "without a terminal")
no_survivors()
