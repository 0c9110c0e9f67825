"""A profile of 100 MB is refused at once, without reading it whole."""
from support import *

works()

path = f"{HOME}/huge.toml"
with open(path, "w") as file:
    file.write("schema = 1\n")
    for _ in range(100):
        file.write("# " + "x" * ((1 << 20) - 3) + "\n")
began = time.monotonic()
one_error(run(SANDBOX, "run", "--profile", path, "--", "/bin/true"), 125, "huge.toml")
check(time.monotonic() - began < 2, f"took {time.monotonic() - began:.1f} s")
os.unlink(path)
for special in ("/dev/zero", "/dev/urandom"):
    one_error(run(SANDBOX, "run", "--profile", special, "--", "/bin/true", timeout=5), 125)
os.mkfifo(f"{HOME}/pipe")
one_error(run(SANDBOX, "run", "--profile", f"{HOME}/pipe", "--", "/bin/true", timeout=5), 125, "pipe")
