"""Mount points and files wanted below links of a folder that an app filled; masks and the terminal in such a root: nothing outside changes, nothing is made in the folder."""
from runtime.helpers import *

canary, evil = f"{HOME}/canary", f"{HOME}/evil"
os.makedirs(f"{canary}/sub")
with open(f"{canary}/file", "w") as file:
    file.write("canary\n")
os.makedirs(f"{evil}/real/sub")
links = {"direct": canary, "climbing": "../canary", "deep": "../" * 20 + canary[1:], "root": f"/proc/self/root{canary}", "init": f"/proc/1/root{canary}", "oldroot": f"/oldroot{canary}", "loop": "loop",
         "up": "../..", "slash": "/"}
links.update({f"fd{number}": f"/proc/self/fd/{number}/canary" for number in range(3, 16)})
for name, text in links.items():
    os.symlink(text, f"{evil}/{name}")
os.mkfifo(f"{evil}/fifo")
handles = [os.dup2(os.open(HOME, os.O_PATH | os.O_DIRECTORY), number) for number in (9, 10, 11)]
outside, inside = snapshot(canary), snapshot(evil)
wishes = {
    "tmpfs": '[[mount]]\ntype = "tmpfs"\ntarget = "{}/made"\n', "tmpfs on it": '[[mount]]\ntype = "tmpfs"\ntarget = "{}"\n', "tmpfs on sub": '[[mount]]\ntype = "tmpfs"\ntarget = "{}/sub"\n',
    "data": '[[mount]]\ntype = "data"\nsource = "x"\ntarget = "{}/made"\n', "data on file": '[[mount]]\ntype = "data"\nsource = "x"\ntarget = "{}/file"\n',
    "symlink": '[[mount]]\ntype = "symlink"\nsource = "x"\ntarget = "{}/made"\n', "bind": '[[mount]]\ntype = "bind"\nsource = "/usr/share"\ntarget = "{}/made"\n',
    "overlay": '[[mount]]\ntype = "overlay"\nsource = "/usr/share"\ntarget = "{}/made"\n', "mask": '[mask]\npaths = ["{}/file"]\n', "read-only": '[mask]\nreadonly = ["{}/sub"]\n',
}
started = 0
for name in [*links, "real", "fifo"]:
    for what, text in wishes.items():
        done = with_profile(text.format(f"{evil}/{name}") + f'[files]\n"{evil}" = "rw"\n', "/bin/echo", "started", pass_fds=handles, timeout=10)
        if done.returncode:
            one_error(done, 125)
        else:
            started += 1
        equal(snapshot(canary), outside, f"{what} below {name}: the canary")
        equal(snapshot(evil), inside, f"{what} below {name}: the folder")
check(started, "nothing started at all")
# The control: where the mount point is there and real, it works.
done = with_profile(wishes["tmpfs on sub"].format(f"{evil}/real") + f'[files]\n"{evil}" = "rw"\n', "/bin/sh", "-c", f"touch {evil}/real/sub/x; ls {evil}/real/sub")
says(done, "x\n", "a real mount point")
equal(snapshot(evil), inside, "the folder")

# A root with an evil /dev: what is hidden is hidden by the null device, and the terminal is the sandbox's own.
for shape in ("link", "absent", "file", "folder"):
    root = busybox_root(f"{HOME}/root")
    with open(f"{root}/data/secret", "w") as file:
        file.write("secret\n")
    for name in ("null", "console", "ptmx"):
        if shape == "link":
            os.symlink(f"{canary}/file", f"{root}/dev/{name}")
        elif shape == "file":
            open(f"{root}/dev/{name}", "w").close()
        elif shape == "folder":
            os.mkdir(f"{root}/dev/{name}")
    text = f'[root]\nsource = "{root}"\nreadonly = false\n[mask]\npaths = ["/data/secret"]\n'
    done = with_profile(text, "/bin/sh", "-c", "cat /data/secret; stat -c %t,%T /data/secret")
    says(done, "1,3\n", f"a mask, /dev/null as {shape}")
    with open(f"{root}/data/secret") as file:
        equal(file.read(), "secret\n", "the hidden file outside")
    terminal = Terminal(SANDBOX, "run", "--profile", f"{HOME}/case.toml", "--tty", "--", "/bin/sh", "-c", "stat -c %F,%t /dev/console /dev/null; echo done")
    terminal.expect(r"character special file,88\r\ncharacter special file,1\r\ndone")
    equal(terminal.ended(), 0, f"a terminal, /dev/console as {shape}")
    terminal.hang_up()
    equal(snapshot(canary), outside, f"/dev/null as {shape}: the canary")
    shutil.rmtree(root)
