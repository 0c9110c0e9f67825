"""An interactive shell inside has job control."""
from support import *

terminal = Terminal(*MINIMAL, "--env", "PS1=PROMPT>", "--", "/bin/bash", "--norc", "--noprofile", "-i")
terminal.expect("PROMPT>")
terminal.send("sleep 600\r")
wait_until("sleep runs", lambda: "sleep" in descendants(terminal.process).values())
terminal.send("\x1a")
terminal.expect("Stopped")
terminal.expect("PROMPT>")
terminal.send("kill %1; fg; tty; exit 21\r")
terminal.expect(r"/dev/(console|pts/0)")
equal(terminal.ended(), 21, "status")
