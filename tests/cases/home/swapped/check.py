"""A kept home that was replaced by a link is refused (as CVE-2024-42472)."""
from support import *

homes = f"{HOME}/.local/share/sandbox/homes"
def inside(text):
    return run(SANDBOX, "run", "--profile", "swapped-case", "--", "/bin/sh", "-c", text)
equal(inside("true").returncode, 0, "first run")
inner = f"{homes}/org.example.Swapped"
for victim in [os.path.join(p, n) for p, d, f in os.walk(inner) for n in d if n == ".config"] + [inner]:
    os.rename(victim, f"{HOME}/aside")
    os.symlink(f"{HOME}/.ssh", victim)
    done = inside('cat "$HOME/.config/canary" "$HOME/canary"; echo evil >"$HOME/.config/canary"')
    check("canary" not in done.stdout, f"through the link: {done}")
    one_error(done, 125)
    os.unlink(victim)
    os.rename(f"{HOME}/aside", victim)
