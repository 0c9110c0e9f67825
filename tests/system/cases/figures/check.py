"""stats: the figures of the group's own files under the kernel's names, and the network's; again and again on request."""
from manager import *

script = "head -c 20000000 /dev/zero >/tmp/file; n=0; while [ $n -lt 20000 ]; do n=$((n + 1)); done; sleep 60"
with running("counted", "/bin/sh", "-c", script, options=["--net", "loopback", "--set", 'process.seccomp.base="desktop"']) as process:
    state = json.loads(verb("state", "counted").stdout)
    leaf = os.path.join(state["cgroup"], "app")
    wait_until("the work is done", lambda: "sleep" in {command_of(pid).strip() for pid in read(leaf, "cgroup.procs").split()}, 30)
    figures = json.loads(succeeds(verb("stats", "--json", "counted"), "stats"))
    equal(figures["instance"], "counted", "the instance")
    check(abs(figures["time"] - time.time()) < 60, f"time: {figures['time']}")
    check(figures["cpu.stat"]["usage_usec"] > 0, f"cpu.stat: {figures['cpu.stat']}")
    equal(set(figures["network"]["lo"]), {f"{way}_{what}" for way in ("rx", "tx") for what in ("bytes", "packets", "errors", "dropped")}, "the counters of lo")
    for name in ("memory.current", "pids.current", "io.stat", "memory.stat", "memory.events", "pids.max"):
        equal(name in figures, os.path.exists(os.path.join(leaf, name)), f"{name} among the figures and in the group")
    if "memory.current" in figures:
        check(figures["memory.stat"]["shmem"] >= 20000000, f"the file in the sandbox's tmpfs: {figures['memory.stat']['shmem']}")
        check(figures["memory.current"] >= 20000000, f"memory.current: {figures['memory.current']}")
        check(figures["pids.current"] >= 3, f"pids.current: {figures['pids.current']}")
    for name in ("cpu.pressure", "memory.pressure", "io.pressure"):
        if os.path.exists(os.path.join(leaf, name)):
            check("avg10" in figures[name]["some"], f"{name}: {figures[name]}")
    # What passes over the sandbox's own loopback is counted, and the host's is not.
    before = figures["network"]["lo"]["rx_bytes"]
    speak = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x' * 1000, ('127.0.0.1', 9))"
    succeeds(verb("exec", "counted", "--", "/usr/bin/python3", "-c", speak), "a guest that sends")
    after = json.loads(verb("stats", "--json", "counted").stdout)["network"]["lo"]["rx_bytes"]
    check(after >= before + 1000, f"the counter of lo: {before} and {after}")
    text = succeeds(verb("stats", "counted"), "stats for people")
    for subject in ("cpu", "network"):
        check(any(line.startswith(subject) for line in text.splitlines()), f"no {subject} in {text!r}")
    following = subprocess.Popen([SANDBOX, "stats", "--json", "--interval", "1", "counted"], stdout=subprocess.PIPE, text=True)
    equal([json.loads(following.stdout.readline())["instance"] for _ in range(3)], ["counted"] * 3, "the interval")
    table = succeeds(verb("top"), "top").splitlines()
    equal((table[0].split()[0], table[1].split()[0], len(table)), ("INSTANCE", "counted", 2), "top without a terminal")
    terminal = Terminal(SANDBOX, "top", "--interval", "1")
    terminal.expect(r"\x1b\[H.*counted")
    terminal.expect(r"\x1b\[H.*counted", 20 * PATIENCE)
    terminal.send("\x03")
    equal(terminal.ended(), 130, "top after ^C")
    for words in (("stats", "--interval", "0", "counted"), ("stats", "--interval", "x", "counted"), ("top", "counted")):
        one_error(verb(*words), 2)
    succeeds(verb("kill", "--all", "counted"), "kill")
    equal(following.wait(20), 0, "stats when the app has ended")
one_error(verb("stats", "counted"), 125, "counted")
# On the host's network there are no counters of its own to show.
with running("shared", "/bin/sleep", "60", options=["--net", "host"]):
    check("network" not in json.loads(verb("stats", "--json", "shared").stdout), "the host's counters are shown as the app's")
nothing_left()
