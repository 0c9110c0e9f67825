"""The cache of fontconfig is used as outside: nothing is made anew at a start, which would take some 0.3 seconds each time."""
from services.helpers import *

profile("org.example.Writes", "[services]\nfonts = true\n")
SHOW = "fc-match sans >/dev/null && { ls ~/.cache/fontconfig 2>/dev/null | wc -l; }"
COVER = ["--set", 'files={"/var/cache/fontconfig"="deny"}']
# Where the system's own cache is out of date, as after packages whose triggers ran too early, as many are made outside.
outside = run("/bin/sh", "-c", SHOW).stdout
done = run(SANDBOX, "run", "--profile", "org.example.Writes", "--", "/bin/sh", "-c", SHOW)
equal((done.returncode, done.stdout, done.stderr), (0, outside, ""), "caches made anew")
# The control: where it is hidden, fontconfig makes its own.
done = run(SANDBOX, "run", "--profile", "org.example.Writes", *COVER, "--", "/bin/sh", "-c", SHOW)
check(done.returncode == 0 and int(done.stdout) > int(outside), f"without the cache: {done}")
# The user's own fonts are found, and are not to be changed.
os.makedirs(os.path.join(HOME, ".local/share/fonts"))
with open("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "rb") as source, open(os.path.join(HOME, ".local/share/fonts/mine.ttf"), "wb") as target:
    target.write(source.read())
done = run(SANDBOX, "run", "--profile", "org.example.Writes", "--", "/bin/sh", "-c", "fc-list | grep -c mine.ttf; touch ~/.local/share/fonts/x 2>/dev/null || echo read-only")
equal((done.returncode, done.stdout), (0, "1\nread-only\n"), "the user's own fonts")
