"""A40 (CVE-2022-31214): `exec` is led to join something that only looks like a sandbox."""
import socket

from attack import *

canary = Canary()
records = f"{RUNTIME}/sandbox"
with running("true-one", "/bin/sleep", "60"):
    # The control: the record itself, as it is, is joined.
    control(verb("exec", "true-one", "--", "/bin/echo", "joined").stdout == "joined\n", "a true record")
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
            socket.send_fds(client, [struct.pack("<Bxxxi", 0, 0)], [os.pidfd_open(number)])
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
