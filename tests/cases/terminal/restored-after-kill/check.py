"""The application is killed in raw mode: the caller's terminal has its settings again."""
from support import *

terminal = Terminal(*MINIMAL, "--", "/bin/sh", "-c", "stty raw -echo; echo READY; kill -KILL $$")
terminal.expect("READY")
equal(terminal.ended(), 137, "status")
equal(termios.tcgetattr(terminal.slave), terminal.before, "the caller's settings afterwards")
