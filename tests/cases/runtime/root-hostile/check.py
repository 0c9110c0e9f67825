"""A root whose /dev, /proc, /sys, /etc … are links, files, fifos and sockets: it runs safely or is refused in one line, and nothing outside changes."""
from runtime.helpers import *
import socket

canary = f"{HOME}/canary"
os.makedirs(f"{canary}/pts")
os.makedirs(f"{canary}/shm")
for name in ("null", "console", "passwd", "hostname", "ptmx", "pts/0", "resolv.conf"):
    with open(f"{canary}/{name}", "w") as file:
        file.write(f"canary {name}\n")


def absent(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def link(to):
    def make(path):
        absent(path)
        os.symlink(to, path)
    return make


def plain(path):
    absent(path)
    with open(path, "w") as file:
        file.write("a file\n")


def fifo(path):
    absent(path)
    os.mkfifo(path)


def unix_socket(path):
    absent(path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path)


def folder(path):
    absent(path)
    os.makedirs(path)


shapes = {"absent": absent, "link": link(canary), "climbing": link("../" * 12 + canary[1:]), "root": link("/"),
          "magic": link("/proc/self/root"), "own": link("/proc/1/root" + canary), "loop": link("loop"), "file": plain,
          "fifo": fifo, "socket": unix_socket, "folder": folder}
targets = ["dev", "proc", "sys", "tmp", "run", "etc", "var", HOME.split("/")[1], "dev/null", "dev/pts", "dev/ptmx", "dev/shm", "dev/console",
           "etc/passwd", "etc/group", "etc/hostname", "etc/hosts", "etc/resolv.conf", "etc/machine-id", "etc/localtime", "run/user", "var/tmp", "var/run"]
outside = snapshot(canary)
ran = refused = 0
for target in targets:
    for shape, make in shapes.items():
        # Below a folder that is never taken over, a link is a link.
        if "/" in target and shape in ("climbing", "root", "magic", "loop"):
            continue
        for readonly in ("true", "false") if target in ("dev", "proc", "sys", "etc") else ("false",):
            root = busybox_root(f"{HOME}/root")
            os.makedirs(os.path.dirname(f"{root}/{target}"), exist_ok=True)
            make(f"{root}/{target}")
            inside = snapshot(root)
            done = with_profile(f'[root]\nsource = "{root}"\nreadonly = {readonly}\n', "/bin/sh", "-c",
                                "echo swallowed >/dev/null; echo >/proc/self/comm; stat -c %F,%t,%T /dev/null; cat /proc/1/comm; ls /dev/pts; echo it runs", timeout=10)
            what = f"/{target} as {shape}, readonly = {readonly}"
            if done.returncode == 0:
                lines = done.stdout.splitlines()
                equal((lines[0], lines[-1]), ("character special file,1,3", "it runs"), f"{what}: {done.stderr}")
                equal(done.stderr, "", f"{what}: stderr")
                ran += 1
            else:
                one_error(done, 125)
                refused += 1
            equal(snapshot(canary), outside, f"{what}: the canary")
            if readonly == "true" or done.returncode:
                equal(snapshot(root), inside, f"{what}: the tree itself")
            shutil.rmtree(root)
check(ran > refused, f"{ran} ran, {refused} were refused")
