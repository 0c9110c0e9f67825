"""A40 (CVE-2022-31214): `exec` is led to join something that only looks like a sandbox."""
import socket

from attack import *

canary = Canary()
records = f"{RUNTIME}/sandbox"
NOTICE = struct.pack("<BxxxiI", 0, 0, 0)  # "it runs", with the descriptor of the process
# What an application does that reaches the records: a record like another, under its lock, whose socket hands out the forger.
FORGE = r"""
import fcntl, os, shutil, socket, sys, time
records, notice = sys.argv[1], bytes.fromhex(sys.argv[2])
folder = f"{records}/fake-one"
os.mkdir(folder, 0o700)
for name in ("plan", "state.json"): shutil.copy(f"{records}/true-one/{name}", folder)
with open(f"{records}/true-one/state", "rb") as before, open(f"{folder}/state", "wb") as file: file.write(before.read().replace(b"true-one", b"fake-one"))
lock = os.open(folder, os.O_RDONLY)
fcntl.flock(lock, fcntl.LOCK_EX)
listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
listener.bind(f"{folder}/control")
listener.listen(4)
print("forged", flush=True)
while True:
    client, _ = listener.accept()
    socket.send_fds(client, [notice], [os.pidfd_open(os.getpid())])
"""
with running("true-one", "/bin/sleep", "60"):
    equal(verb("exec", "true-one", "--", "/bin/echo", "joined").stdout, "joined\n", "a true record")
    # The control: an application under bubblewrap with the runtime folder. Who means to join true-one's like joins the forger.
    if WAY == "user":
        forger = subprocess.Popen([*BWRAP, "--unshare-all", "--die-with-parent", "--bind", RUNTIME, RUNTIME, PYTHON, "-c", FORGE, records, NOTICE.hex()], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        check(forger.stdout.readline() == "forged\n", f"the forger: {forger.poll()}")
        done = verb("exec", "--cwd", "/", "fake-one", "--", PYTHON, "-c", "print('joined', 'forged' in open('/proc/2/cmdline').read())")
        control(done.stdout == "joined True\n", f"the forger is joined: {done}")
        forger.kill()
        forger.communicate()
    verb("ps")
    check(not os.path.exists(f"{records}/fake-one"), "the forger's record outlives it")
    for launcher in (MINIMAL, [SANDBOX, "run", "--profile", "shell"]):
        done = python(FORGE, records, NOTICE.hex(), launcher=launcher)
        check(done.returncode == 1 and "FileNotFoundError" in done.stderr and not os.path.exists(f"{records}/fake-one"), f"the same from inside: {done}")
    genuine = f"{HOME}/genuine"
    os.mkdir(genuine)
    for name in ("plan", "state", "state.json"):
        shutil.copy(f"{records}/true-one/{name}", f"{genuine}/{name}")
    victim = subprocess.Popen(["/bin/sleep", "60"])

    def forge(name, state=None):
        folder = f"{records}/{name}"
        shutil.copytree(genuine, folder)
        os.chmod(folder, 0o700)
        if state is not None:
            with open(f"{folder}/state", "wb") as file:
                file.write(state)
        return folder

    with open(f"{genuine}/state", "rb") as file:
        state = file.read()
    named = state.replace(b"true-one", b"fake-one")
    # Nobody holds its lock: it is dead, whatever it says; its socket and pid are of no weight.
    for what, text in (("as it is", state), ("by its own name", named), ("of another process", named.replace(b"fake-one", b"fake-one")), ("empty", b""), ("cut", named[:40]), ("noise", os.urandom(400))):
        folder = forge("fake-one", text)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(f"{folder}/control")
        listener.listen(1)
        one_error(verb("exec", "fake-one", "--", "/bin/echo", "joined"), 125, "fake-one")
        check(not os.path.exists(folder), f"{what}: a stale record is left")
        listener.close()
    # Its lock is held, by somebody else, and its socket hands out a process of the host: the kernel says what that is.
    for what, number in (("a process of the host", victim.pid), ("process 1", 1), ("ourselves", os.getpid())):
        folder = forge("fake-one", named)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(f"{folder}/control")
        listener.listen(4)
        guest = subprocess.Popen([SANDBOX, "exec", "fake-one", "--", "/bin/sh", "-c", f"echo joined; cat {canary.folder}/secret"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        client, _ = listener.accept()
        with contextlib.suppress(OSError):
            socket.send_fds(client, [NOTICE], [os.pidfd_open(number)])
        out, err = guest.communicate(timeout=20)
        check(guest.returncode == 125 and "joined" not in out and SECRET not in out and err.startswith("sandbox: ") and err.count("\n") == 1, f"{what}: {guest.returncode} {out!r} {err!r}")
        for one in (client, listener):
            one.close()
        os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)
    # A folder of records that is a link, or open to others.
    os.rename(records, records + ".true")
    for shape in ("link", "open"):
        if shape == "link":
            os.symlink(records + ".true", records)
        else:
            os.mkdir(records, 0o777)
            os.chmod(records, 0o777)
        one_error(verb("exec", "true-one", "--", "/bin/echo", "joined"), 125)
        os.unlink(records) if shape == "link" else os.rmdir(records)
    os.rename(records + ".true", records)
    victim.kill()
    victim.wait()
# From inside there is no way to the records at all.
done = minimal("/bin/sh", "-c", f"ls {records}; mkdir -p {records}/inside && echo made")
check(not os.path.exists(f"{records}/inside"), f"a record was made from inside: {done}")
canary.unchanged("after all")
