"""A real gpg-agent signs for the app by its restricted socket: no key is exported, deleted or listed by it; without the service there
is no way to the agent."""
import shutil

from services.helpers import *

profile("org.example.Signs", "[services]\ngpg-agent = true\n")
profile("org.example.Plain", "")
os.makedirs(os.path.join(HOME, ".gnupg"), mode=0o700, exist_ok=True)
os.makedirs(os.path.join(RUNTIME, "gnupg"), mode=0o700)


def gpg(*words, **keywords):
    return run("gpg", "--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback", *words, **keywords)


SCRIPT = """import os, socket, sys
agent = socket.socket(socket.AF_UNIX)
try:
    agent.connect(os.environ["XDG_RUNTIME_DIR"] + "/gnupg/S.gpg-agent")
except OSError as error:
    sys.exit(print("no agent"))
file = agent.makefile("rw", newline="\\n", encoding="latin-1")
file.readline()
for line in sys.argv[1:]:
    file.write(line + "\\n")
    file.flush()
    while not (answer := file.readline()).startswith(("OK", "ERR")) and answer:
        if answer.startswith("INQUIRE"): # for data that nobody has
            file.write("CAN\\n")
            file.flush()
    print(" ".join(line.split()[:2]), "->", "OK" if answer.startswith("OK") else answer.split()[1] if answer else "closed")
try:
    print(os.listdir(os.path.expanduser("~/.gnupg")))
except OSError as error:
    print(type(error).__name__)
"""
made = gpg("--quick-generate-key", "test@example.org", "ed25519", "sign", "never", timeout=60)
equal(made.returncode, 0, made.stderr)
try:
    grip = next(line.split(":")[9] for line in run("gpg", "--batch", "--with-keygrip", "--with-colons", "-K").stdout.splitlines() if line.startswith("grp"))
    words = [f"SIGKEY {grip}", "SETHASH --hash=sha256 " + "ab" * 32, "PKSIGN", f"EXPORT_KEY {grip}", f"DELETE_KEY {grip}", "KEYINFO --list", "KILLAGENT", "GET_PASSPHRASE x x x x"]
    done = run(SANDBOX, "run", "--profile", "org.example.Signs", "--", "/usr/bin/python3", "-c", SCRIPT, *words)
    equal((done.returncode, done.stderr), (0, ""), "with the service")
    forbidden = str(0x4000000 + 251) # GPG_ERR_FORBIDDEN of GPG_ERR_SOURCE_GPGAGENT
    lines = done.stdout.splitlines()
    equal([line.rsplit(" ", 1)[1] for line in lines[:3]], ["OK"] * 3, f"signing: {lines}")
    equal([line.rsplit(" ", 1)[1] for line in lines[3:8]], [forbidden] * 5, f"all else: {lines}")
    check("private-keys" not in lines[8], lines[8])
    # The key is still there.
    equal(gpg("--clearsign", stdin=None, input="letter\n").returncode, 0, "the key, afterwards")
    done = run(SANDBOX, "run", "--profile", "org.example.Plain", "--", "/usr/bin/python3", "-c", SCRIPT, *words)
    equal(done.stdout, "no agent\n", "without the service")
finally:
    run("gpgconf", "--kill", "gpg-agent")
    no_survivors()
    shutil.rmtree(os.path.join(RUNTIME, "gnupg"))
done = run(SANDBOX, "run", "--profile", "org.example.Signs", "--", "/bin/echo", "started")
check(done.stdout == "started\n" and "no gpg-agent (" in done.stderr and done.stderr.count("\n") == 1, done)
