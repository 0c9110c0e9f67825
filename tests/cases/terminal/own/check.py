"""The application gets a terminal of the sandbox's own: the caller's is not to be reached."""
from support import *

terminal = Terminal(*PROBING, "--", "/bin/sh", "-c", f'"{PROBE}" >/tmp/document; stty -a >/tmp/settings; cat /tmp/document; echo; echo END', rows=41, columns=101)
text = terminal.expect(r"(\{.*\})\s+END").group(1)
equal(terminal.ended(), 0, "status")
document = json.loads(text)
for number in "02":
    row = document["terminals"][number]
    equal((row["isatty"], row.get("size")), (True, [41, 101]), f"descriptor {number}")
    check(row.get("name") in ("/dev/console", "/dev/pts/0"), f"its name: {row}")
equal(document["controlling_terminal"], True, "a controlling terminal")
check("console" in document["dev"], f"no console in {document['dev']}")
