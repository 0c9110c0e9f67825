"""A2 (CVE-2024-21626): folders of the host that the caller left open, and a working folder through them."""
from attack import *

canary = Canary()
LOOK = "import os, sys\nfor fd in range(3, 1024):\n try:\n  os.stat(f'/proc/self/fd/{fd}/'); print(fd)\n except OSError: pass\n"
READ = "import sys; print(open(sys.argv[1]).read(), end='')"
root = os.open("/", os.O_PATH)
for fd in range(3, 1024):
    if fd != root:
        os.dup2(root, fd)
    os.set_inheritable(fd, True)
through = f"/proc/self/fd/700{canary.folder}/secret"
done = python(READ, through, launcher=BWRAP, close_fds=False)
control(done.stdout == SECRET, f"through bubblewrap: {done}")
done = run(*BWRAP, "--chdir", "/proc/self/fd/700", "/bin/cat", canary.folder[1:] + "/secret", close_fds=False)
control(done.stdout == SECRET, f"a working folder through bubblewrap: {done}")

done = python(LOOK, close_fds=False)
equal((done.stdout, done.returncode), ("", 0), "descriptors inside")
check(python(READ, through, close_fds=False).returncode != 0, "the secret was read through a descriptor")
os.makedirs(f"{HOME}/evil")
os.symlink("/proc/self/fd/700", f"{HOME}/evil/link")
for folder in [f"/proc/self/fd/{fd}" for fd in (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 700, 1023)] + [f"{HOME}/evil/link", "/proc/1/cwd", "/proc/1/root"]:
    done = minimal("/bin/cat", canary.folder[1:] + "/secret", options=["--cwd", folder, "--bind", f"{HOME}/evil"], close_fds=False)
    check(SECRET not in done.stdout and done.returncode != 0, f"--cwd {folder}: {done}")
    one_error(done, 125, folder)
with running("leaky", "/bin/sleep", "60", options=["--bind", f"{HOME}/evil"]):
    for folder in [f"/proc/self/fd/{fd}" for fd in range(3, 20)] + [f"{HOME}/evil/link"]:
        done = verb("exec", "--cwd", folder, "leaky", "--", "/bin/cat", canary.folder[1:] + "/secret", close_fds=False)
        one_error(done, 125, folder)
    # The first line of a script is looked up before what closes on exec has closed (tests/system/cases/first-line has the control).
    for fd in range(3, 16):
        with open(f"{HOME}/evil/script", "w") as file:
            file.write(f"#!/proc/self/fd/{fd}{'/..' * 12}/usr/bin/echo\n")
        os.chmod(f"{HOME}/evil/script", 0o755)
        for done in (verb("exec", "leaky", "--", f"{HOME}/evil/script", close_fds=False),
                     minimal(f"{HOME}/evil/script", options=["--bind", f"{HOME}/evil", "--set", "process.landlock=false"], close_fds=False)):
            check(done.returncode in (126, 127) and not done.stdout, f"a first line through descriptor {fd}: {done}")
    equal(verb("exec", "leaky", "--", PYTHON, "-c", LOOK, close_fds=False).stdout, "", "descriptors of a guest")
canary.unchanged("after all")
