"""Much output arrives whole and in order; typed lines arrive."""
from support import *

terminal = Terminal(*MINIMAL, "--", "/bin/sh", "-c", "seq 1 20000; read line; echo GOT-$line")
terminal.send("hello\n")
terminal.expect(r"\b20000\r\n", 20)
terminal.expect("GOT-hello")
equal(terminal.ended(), 0, "status")
terminal = Terminal(*MINIMAL, "--", "/bin/sh", "-c", "seq 1 5000; printf LAST")
text = terminal.expect(r".*LAST", 20).group(0)
equal(terminal.ended(), 0, "status")
equal([int(n) for n in re.findall(r"^(\d+)\r$", text, re.M)], list(range(1, 5001)), "the numbers")
