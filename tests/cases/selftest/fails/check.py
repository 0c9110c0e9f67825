"""selftest: where a defence is missing that the plan claims, the rows of that defence say so, and the status is not 0. A helper of the tests goes without it."""
from support import *

UNDEFENDED = os.environ["UNDEFENDED"]
WITHOUT = os.path.join(HOME, "without")
os.makedirs(WITHOUT)
# defences → rows that must get through then
ROWS = {
    "seccomp": ["call:ptrace", "call:keyctl", "call:io_uring_setup", "call:personality", "call:personality with bit 32", "call:getpid (x86)", "call:process_vm_readv", "call:open_tree",
                "ioctl:TIOCSETD", "ioctl:TIOCSETD with bit 32", "ioctl:TIOCSETD (x86)", "socket:NETLINK_XFRM", "right:no filter"],
    "seccomp nested": ["call:unshare", "call:clone", "call:clone3", "call:unshare (x86)"],
    "masks": ["read:/proc/interrupts"],
    "read-only landlock": ["make:a file in /"],
    "capabilities": ["right:CapBnd"],
    "privileges seccomp landlock": ["right:new privileges"],
    "session own-session landlock": ["signal:the group, the session, everything"],
    "undumpable landlock seccomp": ["file:/proc/1/mem", "file:/proc/1/root", "file:/proc/1/fd/0", "file:/proc/1/exe"],
}
control = run(UNDEFENDED, "selftest", timeout=60)
equal(control.returncode, 0, f"with every defence: {control.stdout[-200:]} {control.stderr}")
for defences, wanted in ROWS.items():
    with open(f"{WITHOUT}/defences-off", "w") as file:
        file.write(defences)
    done = run(UNDEFENDED, "selftest", cwd=WITHOUT, timeout=60)
    through = [line[14:].strip() for line in done.stdout.splitlines() if line[5:].startswith("through")]
    equal(done.returncode, 1, f"without {defences}: the status ({done.stderr}; through: {through})")
    for row in wanted:
        check(any(line.startswith(row) for line in through), f"without {defences}: {row!r} is not among {through}")
    tried, blocked = map(int, re.fullmatch(r"(\d+) classes tried, (\d+) blocked", done.stdout.splitlines()[-1]).groups())
    check(blocked < tried, f"without {defences}: {tried} tried, {blocked} blocked")
    document = json.loads(run(UNDEFENDED, "selftest", "--json", cwd=WITHOUT, timeout=60).stdout)
    check(document["blocked"] < document["tried"], f"without {defences}: the document")
# With the network of the host the plan claims that Landlock closes abstract sockets.
with open(f"{WITHOUT}/defences-off", "w") as file:
    file.write("landlock")
with open(f"{HOME}/host.toml", "w") as file:
    file.write('schema = 1\n[network]\nmode = "host"\n')
done = run(UNDEFENDED, "selftest", "--profile", f"{HOME}/host.toml", cwd=WITHOUT, timeout=60)
check(done.returncode == 1 and any("through  abstract:sandbox-selftest" in line for line in done.stdout.splitlines()), f"without landlock: {done}")
check("Linux 6.12" in done.stdout, "no hint beside it")
# What listens on loopback is reached, and said so, where the network is the host's.
import socket  # noqa: E402
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen(4)
prober = os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "libexec/sandbox/sandbox-probe")
bait = f"tcp={listening.getsockname()[1]}"
done = run(SANDBOX, "run", "--profile", f"{HOME}/host.toml", "--bind", prober, "--", prober, bait)
check(re.search(r"^34\tloopback:port \d+\t\tthrough", done.stdout, re.M), f"loopback of the host: {done.stdout[:300]}")
