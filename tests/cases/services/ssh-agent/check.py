"""A real ssh-agent signs for the app, which reads no key; without the service there is no way to it."""
from services.helpers import *

profile("org.example.Signs", "[services]\nssh-agent = true\n")
profile("org.example.Plain", "")
os.makedirs(os.path.join(HOME, ".ssh"), exist_ok=True)
key = os.path.join(HOME, ".ssh/id_test")
equal(run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).returncode, 0, "making a key")
socket = os.path.join(RUNTIME, "the agent")
agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
HOST = {**os.environ, "SSH_AUTH_SOCK": socket}
# Signs with the key of the agent whose public half is handed in, and tries to get at the private one.
SCRIPT = """echo "$1" >/tmp/key.pub; echo letter >/tmp/letter
ssh-keygen -q -Y sign -f /tmp/key.pub -n test /tmp/letter >/dev/null 2>&1 && cat /tmp/letter.sig || echo unsigned
cat "$HOME/.ssh/id_test" 2>/dev/null || echo 'no key'
ls -A "$XDG_RUNTIME_DIR" | tr '\\n' ' '"""
try:
    wait_until("the agent", lambda: os.path.exists(socket))
    equal(run("ssh-add", "-q", key, env=HOST).returncode, 0, "handing the key to the agent")
    with open(key + ".pub") as file:
        public = file.read().strip()
    words = ["--", "/bin/sh", "-c", SCRIPT, "sh", public]
    done = run(SANDBOX, "run", "--profile", "org.example.Signs", *words, env=HOST)
    equal((done.returncode, done.stderr), (0, ""), "with the service")
    signature, _, rest = done.stdout.partition("-----END SSH SIGNATURE-----\n")
    equal(rest, "no key\nssh-agent ", "what else it sees")
    # The signature is the key's: checked outside.
    with open("letter.sig", "w") as file:
        file.write(signature + "-----END SSH SIGNATURE-----\n")
    with open("signers", "w") as file:
        file.write(f"me {public}\n")
    checked = run("ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "me", "-n", "test", "-s", "letter.sig", stdin=None, input="letter\n")
    equal(checked.returncode, 0, f"the signature: {checked.stdout}{checked.stderr}")
    done = run(SANDBOX, "run", "--profile", "org.example.Plain", *words, env=HOST)
    equal((done.returncode, done.stdout), (0, "unsigned\nno key\n"), "without the service")
    # Without an agent one line says so, and the app starts.
    done = run(SANDBOX, "run", "--profile", "org.example.Signs", "--", "/bin/echo", "started")
    check(done.stdout == "started\n" and "no ssh-agent (SSH_AUTH_SOCK names no socket)" in done.stderr and done.stderr.count("\n") == 1, done)
finally:
    agent.kill()
    agent.wait()
    os.unlink(socket)
