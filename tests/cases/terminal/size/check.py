"""A change of the window's size arrives, with its signal, as often as it happens."""
from support import *

text = "import os, signal, sys, termios\nshow = lambda *_: os.write(1, b'%d %d\\n' % termios.tcgetwinsize(0))\n" \
    "signal.signal(signal.SIGWINCH, show)\nshow()\nos.write(1, b'READY\\n')\nsys.stdin.readline()\nsys.exit(5)\n"
terminal = Terminal(*MINIMAL, "--", "/usr/bin/python3", "-c", text, rows=10, columns=20)
terminal.expect(r"10 20\s+READY")
for rows, columns in ((33, 44), (5, 6), (1000, 1000), (24, 80)):
    terminal.resize(rows, columns)
    terminal.expect(rf"\b{rows} {columns}\b")
terminal.send("\r")
equal(terminal.ended(), 5, "status")
