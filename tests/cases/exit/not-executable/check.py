"""There and not to be executed: 126, whatever the reason."""
from support import *

plain, text, script = f"{HOME}/plain", f"{HOME}/text", f"{HOME}/script"
for path, mode, content in ((plain, 0o644, "#!/bin/sh\n"), (text, 0o755, "\x01\x02 no program"), (script, 0o755, "#!/no/such/interpreter\n")):
    with open(path, "w") as file:
        file.write(content)
    os.chmod(path, mode)
for path in (plain, text, script):
    one_error(run(*MINIMAL, "--bind", path, "--", path), 126, os.path.basename(path))
one_error(minimal("/usr/bin"), 126, "/usr/bin")
