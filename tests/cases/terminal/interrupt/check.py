"""^C and ^\\ go to the application alone; it may catch them."""
from support import *

terminal = Terminal(*MINIMAL, "--", "/bin/sh", "-c", "echo READY; exec sleep 60")
terminal.expect("READY")
terminal.send("\x03")
equal(terminal.ended(), 130, "status after ^C")
terminal = Terminal(*MINIMAL, "--", "/bin/sh", "-c", 'trap "echo CAUGHT; exit 5" INT; echo READY; while :; do sleep 0.05; done')
terminal.expect("READY")
terminal.send("\x03")
terminal.expect("CAUGHT")
equal(terminal.ended(), 5, "status of the trap")
