"""A guest is born in the app's leaf, is frozen and ended with it, and is counted there."""
from manager import *

with running("hosting", "/bin/sleep", "60"):
    state = json.loads(verb("state", "hosting").stdout)
    leaf = os.path.join(state["cgroup"], "app")
    before = set(read(leaf, "cgroup.procs").split())
    guest = subprocess.Popen([SANDBOX, "exec", "hosting", "--", "/bin/sleep", "61"])
    new = lambda: set(read(leaf, "cgroup.procs").split()) - before
    wait_until("the guest in the leaf", lambda: any(words_of(pid) == ["/bin/sleep", "61"] for pid in new()))
    # Its streams, its terminal, its signals.
    equal(verb("exec", "hosting", "--", "/bin/cat", stdin=None, input="through\n").stdout, "through\n", "the streams")
    equal(verb("exec", "hosting", "--", "/bin/sh", "-c", "kill -TERM $$").returncode, 143, "a signal of its own")
    terminal = Terminal(SANDBOX, "exec", "hosting", "--", "/bin/sh", "-c", "tty; echo READY; exec sleep 60")
    terminal.expect(r"/dev/pts/\d+\r\nREADY", 10 * PATIENCE)
    terminal.send("\x03")
    equal(terminal.ended(10 * PATIENCE), 130, "the status after ^C")
    sleeper = subprocess.Popen([SANDBOX, "exec", "hosting", "--", "/bin/sleep", "62"])
    wait_until("the second guest", lambda: any(words_of(pid) == ["/bin/sleep", "62"] for pid in new()))
    sleeper.terminate()
    equal(sleeper.wait(10 * PATIENCE), 143, "a signal to who started it")
    succeeds(verb("kill", "--all", "hosting"), "kill")
    check(guest.wait(10 * PATIENCE) in (137, 125), f"the guest: {guest.returncode}")
nothing_left()
