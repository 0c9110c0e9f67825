"""umask, working folder and parent-death signal are the profile's; a working folder is looked up inside, through whatever links it has."""
from runtime.helpers import *

document, _ = document_of("")
equal((document["umask"], document["parent_death_signal"], document["cwd"]), (0o022, 9, HOME), "the defaults")
document, _ = document_of('[process]\numask = "077"\nparent-death-signal = "SIGTERM"\ncwd = "/usr/share"\n')
equal((document["umask"], document["parent_death_signal"], document["cwd"]), (0o077, 15, "/usr/share"), "what the profile says")
document, _ = document_of("[process]\numask = 0o027\n")
equal(document["umask"], 0o027, "as a number")
for text, needle in (('umask = "8"', "8"), ("umask = 0o1000", "0o777"), ("umask = -1", "-1"), ('umask = "rwx"', "rwx"), ('parent-death-signal = "SIGKIL"', "KILL"),
                     ('parent-death-signal = 9', "text"), ('cwd = "relative"', "relative"), ('cwd = "/proc/self/fd/3"', "/proc"), ('cwd = "/proc/self/cwd"', "/proc"), ('cwd = "/usr/../proc/1/root"', "/proc")):
    one_error(with_profile(f"[process]\n{text}\n", "/bin/true"), 125, "case.toml:3:", needle)
one_error(with_profile("", "/bin/true", options=["--cwd", "/no/such/folder"]), 125, "/no/such/folder", "--cwd")
one_error(with_profile("", "/bin/true", options=["--cwd", "/etc/passwd"]), 125, "/etc/passwd")

# A13: links to the canary, by every way out that a path has; a descriptor of the caller's home is open meanwhile.
os.makedirs(f"{HOME}/evil")
os.makedirs(f"{HOME}/canary")
open(f"{HOME}/canary/key", "w").close()
links = {"direct": f"{HOME}/canary", "climbing": "../canary", "deep": "../" * 20 + f"{HOME[1:]}/canary", "root": f"/proc/self/root{HOME}/canary", "init": f"/proc/1/root{HOME}/canary",
         "cwd": "/proc/self/cwd", "initcwd": "/proc/1/cwd", "loop": "loop", "chain": "direct"}
links.update({f"fd{number}": f"/proc/self/fd/{number}" for number in range(3, 24)})
links.update({f"initfd{number}": f"/proc/1/fd/{number}" for number in range(0, 8)})
for name, text in links.items():
    os.symlink(text, f"{HOME}/evil/{name}")
handle = os.open(HOME, os.O_PATH | os.O_DIRECTORY)
handles = [os.dup2(handle, number) for number in range(10, 20)]
for name in links:
    done = with_profile(f'[files]\n"{HOME}/evil" = "rw"\n', "/bin/sh", "-c", "test -e key && echo reached; pwd -P; ls -a ..", options=["--cwd", f"{HOME}/evil/{name}"], pass_fds=handles, timeout=10)
    check("reached" not in done.stdout and "canary" not in done.stdout.split("\n", 1)[-1], f"{name}: {done.stdout!r}")
    if done.returncode:
        one_error(done, 125)
