"""The terminal closes: the application and all that it started end."""
from support import *

for command in ("exec sleep 600", 'trap "" HUP; sleep 600 & sleep 600', "setsid sleep 600 & exec sleep 600"):
    terminal = Terminal(*MINIMAL, "--", "/bin/sh", "-c", f"echo READY; {command}")
    terminal.expect("READY")
    terminal.hang_up()
    no_survivors(10)
