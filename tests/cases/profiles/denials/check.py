"""`run --log-denials` names what was refused in a run, and nothing that was not; the app runs as it would otherwise."""
from support import *

works()
os.makedirs(f"{HOME}/seen")
os.makedirs(f"{HOME}/hidden")
for name in ("seen", "hidden"):
    with open(f"{HOME}/{name}/file", "w") as file:
        file.write(f"{name}\n")
SCRIPT = f"""
cat {HOME}/seen/file
cat {HOME}/hidden/file 2>/dev/null
echo x 2>/dev/null >{HOME}/seen/file
cat /no/such/file 2>/dev/null
echo x 2>/dev/null >{HOME}/hidden/new
exec 3<>/dev/tcp/192.0.2.1/80
unshare --user true
exit 7
"""
done = minimal("/bin/bash", "-c", SCRIPT, options=["--bind", f"{HOME}/seen", "--net", "loopback", "--set", 'process.seccomp.allow=["socket"]', "--log-denials"], timeout=60)
equal((done.returncode, done.stdout), (7, "seen\n"), f"status and output (stderr: {done.stderr})")
lines = [line for line in done.stderr.splitlines() if "denied: " in line]
for words in (f"denied: '{HOME}/hidden/file' (ENOENT): the host has it, the app is not shown it", f"denied: to write '{HOME}/seen/file' (EROFS): it is shown read-only",
              f"denied: to write '{HOME}/hidden/new' (ENOENT): the app is not shown its folder", "denied: to connect to 192.0.2.1:80 (ENETUNREACH)", "denied: the system call unshare (EPERM)"):
    check(any(words in line for line in lines), f"{words!r} is not told:\n{done.stderr}")
check(not any("/no/such" in line for line in lines), f"what the host has not is told: {lines}")
check(all(line.startswith("sandbox: ") for line in lines), f"{lines}")

none = minimal("/bin/bash", "-c", "exec 3<>/dev/tcp/192.0.2.1/80", options=["--log-denials"], timeout=60)
check("denied: the system call socket" in none.stderr, f"a socket that the filter refuses is not told: {none.stderr}")
plain = minimal("/bin/bash", "-c", SCRIPT, options=["--bind", f"{HOME}/seen", "--net", "loopback", "--set", 'process.seccomp.allow=["socket"]'])
equal((plain.returncode, plain.stdout), (7, "seen\n"), "the same without watching")
killed = minimal("/bin/sh", "-c", "kill -KILL $$", options=["--log-denials"], timeout=60)
equal(killed.returncode, 137, "status of a killed app that is watched")
many = minimal("/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8; do (sleep 0.1; cat /dev/null) & done; wait; echo all", options=["--log-denials"], timeout=60)
equal((many.returncode, many.stdout), (0, "all\n"), f"an app of several processes (stderr: {many.stderr})")
one = minimal("/bin/true", options=["--log-denials", "--set", "home.mode=nonsense"], timeout=60)
one_error(one, 125, "nonsense")

# Live: told while the app still runs, and once.
with subprocess.Popen([*MINIMAL, "--log-denials", "--live", "--", "/bin/sh", "-c", f"cat {HOME}/hidden/file; cat {HOME}/hidden/file; echo asked; read line"],
                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
    equal(process.stdout.readline(), "asked\n", "the app's first word")
    lines = [process.stderr.readline() for _ in range(3)]
    check(any(line.startswith("sandbox: warning: denied: ") and "/hidden/file' (ENOENT)" in line for line in lines), f"not told while it runs: {lines}")
    output, rest = process.communicate("\n", timeout=60)
    check("hidden" not in "".join(line for line in rest.splitlines() if "denied" in line), f"told again at the end: {rest}")

# A signal is the app's, and what it was refused is told all the same.
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
    with subprocess.Popen([*MINIMAL, "--log-denials", "--", "/bin/bash", "-c", f"trap 'exit 9' TERM HUP USR1; cat {HOME}/hidden/file; echo asked; while true; do read -t 1 line; done"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        equal(process.stdout.readline(), "asked\n", "the app's first word")
        process.send_signal(number)
        rest = process.communicate(timeout=60)[1]
        check(process.returncode == 9 and "/hidden/file' (ENOENT)" in rest, f"after {number.name}: status {process.returncode}, {rest}")

# What the app calls its files does not drive the terminal.
with open(f"{HOME}/hidden/\x1b[31mred", "w") as file:
    file.write("x")
for options in ([], ["--live"]):
    done = minimal("/bin/sh", "-c", f"cat {HOME}/hidden/*red {HOME}/hidden/'\x1b[31mred' 2>/dev/null", options=["--log-denials", *options], timeout=60)
    check("denied: " in done.stderr and "\x1b" not in done.stderr, f"{done.stderr!r}")
