"""Raw mode reaches the application's terminal, and the caller's own settings come back at the end."""
from support import *

terminal = Terminal(*MINIMAL, "--", "/bin/sh", "-c", "stty raw -echo; echo READY; head -c 3 | od -An -tx1; stty sane; echo DONE")
terminal.expect("READY")
terminal.send("\x03\x04\x1a")
terminal.expect(r"03 04 1a")
terminal.expect("DONE")
equal(terminal.ended(), 0, "status")
equal(termios.tcgetattr(terminal.slave), terminal.before, "the caller's settings afterwards")
