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
# As a profile says it; what only a shell knows is told apart from it.
for options, path in ((["--bind", "${HOME}/shared:/data"], "/data/file"), (["--bind=${HOME}/shared"], f"{HOME}/shared/file")):
    done = minimal("/bin/cat", path, options=options)
    equal((done.returncode, done.stdout, done.stderr), (0, "shared\n", ""), f"a place of a profile: {options}")
for word in ("~/shared", "$HOME/shared", "~", "~/shared:/data:rw"):
    done = minimal("/bin/true", options=[f"--bind={word}"])
    path = word.split(":")[0]
    equal((done.returncode, done.stderr), (125, f"sandbox: --bind {word}: '{path}' is no absolute path; write '${{HOME}}/...', or another place of a profile\n"), word)
one_error(minimal("/bin/true", options=["--bind", "shared"]), 125, "--bind shared: 'shared' is no absolute path; write $PWD/shared")
