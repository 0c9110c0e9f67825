"""A28 (CVE-2023-28101): text of an application or a file drives the terminal of whoever reads our output."""
from attack import *

canary = Canary()
EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\rsandbox: all is well\u202e\x00".replace("\x00", "")
control("\x1b" in run("/bin/echo", EVIL).stdout, "echo passes it on")


def clean(done, what):
    for name, text in (("stdout", done.stdout), ("stderr", done.stderr)):
        bad = [c for c in text if (ord(c) < 0x20 and c not in "\n\t") or ord(c) == 0x7f or 0x80 <= ord(c) < 0xa0]
        check(not bad, f"{what}: {name} has {bad!r} in {text!r}")
        check("\nsandbox: all is well" not in text, f"{what}: a forged line in {text!r}")


evil_file = f"{HOME}/{EVIL[:40].replace('/', '')}.toml"
for words in (["run", EVIL], ["run", "--profile", EVIL, "--", "/bin/true"], ["run", "--profile", "minimal", "--", EVIL], ["run", "--profile", "minimal", "--", f"/bin/{EVIL}"],
              ["run", "--profile", "minimal", "--bind", f"{HOME}/{EVIL}", "--", "/bin/true"], ["run", "--profile", "minimal", "--cwd", f"/{EVIL}", "--", "/bin/true"],
              ["run", "--profile", "minimal", "--set", f"{EVIL}=1", "--", "/bin/true"], ["run", "--profile", "minimal", "--id", EVIL, "--", "/bin/true"],
              ["run", "--profile", "minimal", "--hostname", EVIL, "--", "/bin/true"], ["exec", EVIL, "--", "/bin/true"], ["state", EVIL], ["kill", EVIL], [EVIL], ["run", f"--{EVIL}"],
              ["explain", "--profile", "minimal", "--env", f"X={EVIL}", "--", EVIL], ["explain", "--profile", "minimal", "--json", "--env", f"X={EVIL}", "--", EVIL]):
    done = run(SANDBOX, *words)
    clean(done, " ".join(words[:2]).encode("unicode_escape").decode())
with open(evil_file, "w") as file:
    file.write(f'schema = 1\n[app]\nid = {json.dumps(EVIL)}\n[files]\n{json.dumps("/" + EVIL)} = "ro"\n[services]\n{json.dumps(EVIL)} = true\n')
for words in (["run", "--profile", evil_file, "--", "/bin/true"], ["explain", "--profile", evil_file], ["profile", "list"]):
    clean(run(SANDBOX, *words), f"a file: {words[0]}")
os.makedirs(f"{HOME}/.config/sandbox/apps")
shutil.copy(evil_file, f"{HOME}/.config/sandbox/apps/{os.path.basename(evil_file)}")
clean(run(SANDBOX, "profile", "list"), "the list of profiles")
shutil.rmtree(f"{HOME}/.config/sandbox")
# What a running app calls itself.
renames = f"import ctypes; ctypes.CDLL(None).prctl(15, {EVIL[:14].encode()!r}); import time; time.sleep(60)"
with running("named", PYTHON, "-c", renames, EVIL):
    for words in (["ps"], ["ps", "--json"], ["state", "named"]):
        clean(verb(*words), words[0])
canary.unchanged("after all")
