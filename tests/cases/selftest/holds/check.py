"""selftest: nothing gets through that the plan claims to be refused; what a profile grants is named with its key; nothing is left on the host."""
from support import *


def selftest(*words, **keywords):
    done = run(SANDBOX, "selftest", *words, timeout=60, **keywords)
    return done, [line for line in done.stdout.splitlines()[:-1] if not line[5:].startswith("blocked")], (done.stdout.splitlines() or [""])[-1]


before = set(os.listdir(HOME)) | set(os.listdir("/tmp")) | set(os.listdir(os.environ["XDG_RUNTIME_DIR"]))
done, rest, last = selftest()
equal((done.returncode, done.stderr, rest), (0, "", []), "the closed profile")
match = re.fullmatch(r"(\d+) classes tried, (\d+) blocked", last)
check(match and match[1] == match[2] and int(match[1]) >= 18, f"the last line: {last!r}")
check(done.stdout.count("\n") > 180, f"few attempts: {done.stdout}")
for wanted in ("call:mount", "call:getpid (x86)", "call:unshare (x32)", "ioctl:TIOCSTI", "abstract:", "loopback:", "read:", "connect:", "right:CapBnd", "signal:", "descriptor:", "variable:", "memory:", "socket:AF_ALG"):
    check(wanted in done.stdout, f"{wanted} was not tried")
document = json.loads(selftest("--json")[0].stdout)
equal((document["profile"], document["tried"]), ("minimal", document["blocked"]), "the document")
equal({one["outcome"] for one in document["attempts"]}, {"blocked"}, "outcomes")
# What is granted is told with the key that grants it, and counts for nothing.
with open(f"{HOME}/wide.toml", "w") as file:
    file.write(f'schema = 1\n[network]\nmode = "host"\n[home]\nmode = "shared"\n[process]\nuserns = true\nlandlock = false\n[process.seccomp]\nallow = ["ptrace"]\n[env]\nkeep = ["SANDBOX_SELFTEST_BAIT"]\n')
done, rest, last = selftest("--profile", f"{HOME}/wide.toml")
granted = {line.split()[2]: line.split()[-1] for line in rest}
check(all(line[5:].startswith("granted") for line in rest) and done.returncode == 0, f"not all of these are granted: {rest}")
for what, key in (("loopback:port", "network.mode"), ("call:unshare", "process.userns"), ("call:ptrace", "process.seccomp.allow"), ("variable:SANDBOX_SELFTEST_BAIT", "env")):
    equal(granted.get(what), key, what)
check([line for line in rest if "abstract:" in line] and [line for line in rest if "read:" + HOME in line], f"{rest}")
for name in ("shell", "org.sandbox.demo"):
    equal(selftest("--profile", name)[0].returncode, 0, name)
one_error(selftest("--profile", "no-such")[0], 127, "no-such")
one_error(selftest("more")[0], 2, "options only")
equal(set(os.listdir(HOME)) - before - {"wide.toml"}, set(), "left in the home")
equal([name for folder in ("/tmp", os.environ["XDG_RUNTIME_DIR"], HOME) for name in os.listdir(folder) if "selftest" in name and os.stat(f"{folder}/{name}").st_uid == os.getuid()], [], "baits that were left")
