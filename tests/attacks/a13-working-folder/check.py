"""A13: the working folder is a chain of links that is followed on the host, or made there."""
from attack import *

canary = Canary()
evil = f"{HOME}/evil"
os.mkdir(evil)
os.symlink(canary.folder, f"{evil}/one")
os.symlink("one", f"{evil}/two")
os.symlink(f"/proc/1/cwd/../..{evil}/two", f"{evil}/three")
os.symlink("/proc/self/fd/9", f"{evil}/descriptor")
os.symlink("../" * 12 + canary.folder[1:], f"{evil}/climb")
os.symlink(f"{canary.folder}/made", f"{evil}/absent")
folder = os.open(canary.folder, os.O_RDONLY | os.O_DIRECTORY)
os.dup2(folder, 9)
os.set_inheritable(9, True)
done = run(*BWRAP, "--bind", evil, "/data", "--chdir", "/data/descriptor", "/bin/sh", "-c", "cat secret; echo written >new", close_fds=False)
control(done.stdout == SECRET and "new" in canary.changed(), f"bubblewrap: {done}")
canary.renew()
for name in ("one", "two", "three", "climb", "descriptor", "absent", "absent/below", "../canary"):
    for launcher in ([*MINIMAL, "--bind", f"{evil}:/data:rw", "--cwd", f"/data/{name}", "--"],
                     [SANDBOX, "run", "--profile", profile(f'[process]\ncwd = "/data/{name}"\n[files."{evil}"]\naccess = "rw"\ntarget = "/data"\n'), "--"]):
        done = run(*launcher, "/bin/sh", "-c", "cat secret; echo written >new", close_fds=False)
        one_error(done, 125)
        canary.unchanged(name)
# The caller's own folder, which is not inside: the app stands elsewhere.
done = minimal("/bin/sh", "-c", "cat secret; pwd", cwd=canary.folder)
check(SECRET not in done.stdout, f"in the caller's folder: {done}")
with running("joined", "/bin/sleep", "60", options=["--bind", f"{evil}:/data:rw"]):
    for name in ("one", "two", "three", "climb", "descriptor", "absent"):
        one_error(verb("exec", "--cwd", f"/data/{name}", "joined", "--", "/bin/cat", "secret", close_fds=False), 125)
canary.unchanged("after all")
