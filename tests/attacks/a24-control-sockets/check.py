"""A24: sockets that start programs, hand out keys or steer sandboxes are in reach. Every socket that is found inside is connected to."""
import socket

from attack import *

canary = Canary()
NAMES = ("bus", "systemd/private", "systemd/notify", "podman/podman.sock", "docker.sock", "gnupg/S.gpg-agent", "keyring/ssh", "ssh-agent.socket", "pipewire-0-manager", "at-spi/bus",
         "libvirt/libvirt-sock", "wayland-0", "pulse/native", "snapd.socket", "gcr/ssh")
SEARCH = r'''
import errno, os, socket, stat, sys
for parent, folders, files in os.walk("/"):
    if parent.startswith(("/proc", "/usr/")):  # its own processes, and the system's files, which hold none
        folders[:] = []
        continue
    for name in files:
        path = os.path.join(parent, name)
        try:
            if not stat.S_ISSOCK(os.lstat(path).st_mode): continue
        except OSError: continue
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(path)
            print(path, "reached")
        except OSError as error: print(path, errno.errorcode[error.errno])
print("done")
'''
listening = []
for name in NAMES:
    path = f"{RUNTIME}/{name}"
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    one = socket.socket(socket.AF_UNIX)
    one.bind(path)
    one.listen(8)
    listening.append(one)


def reached(done):
    check(done.stdout.endswith("done\n"), f"the search: {done}")
    return sorted(line.split()[0] for line in done.stdout.splitlines() if line.endswith("reached"))


found = reached(python(SEARCH, launcher=[*BWRAP, "--bind", RUNTIME, RUNTIME]))
control(len(found) == len(NAMES), f"bubblewrap with the runtime folder: {found}")
os.unlink(f"{RUNTIME}/systemd/private")  # or each start would ask a manager that does not answer
for profile_name in ("minimal", "shell"):
    equal(reached(python(SEARCH, launcher=[SANDBOX, "run", "--profile", profile_name])), [], f"profile {profile_name}")
home = profile('[home]\nmode = "shared"\n', "shared")
equal(reached(python(SEARCH, launcher=[SANDBOX, "run", "--profile", home])), [], "a home that is shared")
equal(reached(python(SEARCH, launcher=[SANDBOX, "run", "--profile", profile("[services]\nwayland = true\n", "wayland")], env=dict(os.environ, WAYLAND_DISPLAY="wayland-0"))), [f"/run/user/{os.getuid()}/wayland-0"],
      "the one that is granted")
with running("searched", "/bin/sleep", "60"):
    equal(reached(verb("exec", "searched", "--", PYTHON, "-c", SEARCH)), [], "exec")
    # Our own: the record of a sandbox is reached by none, the sandbox itself included.
    for path in (f"{RUNTIME}/sandbox/searched", f"{RUNTIME}/sandbox/searched/control", f"{RUNTIME}/sandbox", RUNTIME):
        for access in ("", ":rw"):
            done = minimal("/bin/true", options=["--bind", f"{path}{access}"])
            refused(done, "cannot be granted")
for name in NAMES[:11]:
    done = minimal("/bin/true", options=["--bind", f"{RUNTIME}/{name}"])
    if name not in ("systemd/notify", "libvirt/libvirt-sock"):
        refused(done, "cannot be granted")
for path in ("/run/dbus", "/run/systemd", "/run/docker.sock", "/var/run/docker.sock", "/run/snapd.socket", "/run", "/var/run"):
    if os.path.exists(path):
        refused(minimal("/bin/true", options=["--bind", path]), "cannot be granted")
canary.unchanged("after all")
