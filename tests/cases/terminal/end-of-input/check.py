"""^D ends a reader."""
from support import *

terminal = Terminal(*MINIMAL, "--", "/bin/sh", "-c", "echo READY; cat; echo END")
terminal.expect("READY")  # earlier, the caller's own line discipline would take the ^D
terminal.send("abc\n\x04")
terminal.expect(r"abc.*abc.*END")
equal(terminal.ended(), 0, "status")
