"""Where profiles and our state live is never granted."""
from support import *

works()

for path in (f"{HOME}/.config/sandbox", f"{HOME}/.local/share/sandbox"):
    os.makedirs(path, exist_ok=True)
    one_error(minimal("/bin/true", options=["--bind", f"{path}:{path}:rw"]), 125, path)
one_error(minimal("/bin/true", options=["--bind", f"{HOME}:{HOME}:rw"]), 125, HOME)
