"""--bind SRC[:DST][:rw]"""
from support import *

os.mkdir(f"{HOME}/shared")
with open(f"{HOME}/shared/file", "w") as file:
    file.write("shared\n")
done = minimal("/bin/sh", "-c", f'cat "{HOME}/shared/file"; touch "{HOME}/shared/x" 2>/dev/null || echo ro', options=["--bind", f"{HOME}/shared"])
equal((done.returncode, done.stdout), (0, "shared\nro\n"), "--bind SRC")
done = minimal("/bin/sh", "-c", "cat /data/file; touch /data/x 2>/dev/null || echo ro", options=["--bind", f"{HOME}/shared:/data"])
equal((done.returncode, done.stdout), (0, "shared\nro\n"), "--bind SRC:DST")
done = minimal("/bin/sh", "-c", "echo y >/data/x && cat /data/x", options=["--bind", f"{HOME}/shared:/data:rw"])
equal((done.returncode, done.stdout), (0, "y\n"), "--bind SRC:DST:rw")
equal(open(f"{HOME}/shared/x").read(), "y\n", "seen outside")
one_error(minimal("/bin/true", options=["--bind", f"{HOME}/missing"]), 125, f"{HOME}/missing", "--bind")
