"""An application's own home lasts; the user's home neither shows nor changes."""
from support import *

def inside(text):
    return run(SANDBOX, "run", "--profile", "home-case", "--", "/bin/sh", "-c", text)
done = inside('ls -A "$HOME"; mkdir -p "$HOME/.config/deep" && echo kept >"$HOME/.config/deep/file" && echo lost >"$HOME/other"')
check(done.returncode == 0 and ".ssh" not in done.stdout and "canary" not in done.stdout, f"first run: {done}")
check(not os.path.exists(f"{HOME}/.config/deep") and not os.path.exists(f"{HOME}/other"), "it wrote into the user's home")
done = inside('cat "$HOME/.config/deep/file"; test -e "$HOME/.ssh" && echo leak; true')
equal((done.returncode, done.stdout), (0, "kept\n"), "second run")
stored = [os.path.join(p, n) for p, _, f in os.walk(f"{HOME}/.local/share/sandbox/homes/org.example.Home") for n in f if n == "file"]
check(len(stored) == 1, f"where it is kept: {stored}")
equal(os.stat(f"{HOME}/.local/share/sandbox/homes/org.example.Home").st_mode & 0o777, 0o700, "mode of the kept home")
