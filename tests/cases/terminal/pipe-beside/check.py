"""With a terminal on stdin and a pipe on stdout, the pipe stays a pipe."""
from support import *

terminal = Terminal("/bin/sh", "-c", f'"{SANDBOX}" run --profile minimal -- /bin/sh -c "test -t 0 && echo IN; test -t 1 || echo OUT" | cat; echo END')
text = terminal.expect(r".*END").group(0)
check("IN" in text and "OUT" in text, f"terminals inside: {text!r}")
equal(terminal.ended(), 0, "status")
