"""One command gives a shell on a terminal of the sandbox's own: /dev/console, its streams and its controlling terminal; ptmx is the sandbox's."""
from runtime.helpers import *

host = set(os.listdir("/dev/pts"))
terminal = Terminal(SANDBOX, "run", "--profile", "shell", "--tty", "--", "/bin/sh", rows=31, columns=77)
terminal.expect(r"[$#] ")
for command, wanted in (("tty", r"/dev/(console|pts/0)\r"), ("stat -c %F,%t,%T /dev/console", r"character special file,88,0\r"), ("readlink /dev/ptmx", r"pts/ptmx\r"),
                        ("ls /dev/pts | tr '\\n' ' '; echo .", r"0 ptmx \.\r"), ("stty size", r"31 77\r"), ("for n in 0 1 2; do test -t $n && echo is $n; done", r"is 0\r\nis 1\r\nis 2\r"),
                        ("echo to the >/dev/tty", r"to the\r"), ("python3 -c 'import os, pty; m, s = pty.openpty(); print(os.ttyname(s))'", r"/dev/pts/1\r"),
                        ("ps -o tty= -p $$ 2>/dev/null || echo none", r"(pts/0|console|none)\s")):
    terminal.send(command + "\n")
    terminal.expect(wanted)
terminal.send("exit 9\n")
equal(terminal.ended(), 9, "status")
terminal.hang_up()
no_survivors()
check("tty" in os.listdir("/dev"), "the host's /dev")
