"""`profile learn` proposes what a program used and no more, never what is secret, tries it, and writes it only when it holds."""
import tomllib

from support import *

works()
program = f"{HOME}/bin/reader"
os.makedirs(os.path.dirname(program))
os.makedirs(f"{HOME}/notes")
os.makedirs(f"{HOME}/.config/reader")
for path, text in {"notes/a.txt": "a note\n", "notes/b.txt": "another\n", ".config/reader/settings": "colour=blue\n"}.items():
    with open(f"{HOME}/{path}", "w") as file:
        file.write(text)
SCRIPT = f"""#!/bin/sh
cat {HOME}/notes/a.txt
cat {HOME}/.ssh/canary 2>/dev/null
mkdir -p {HOME}/.config/reader
echo used >>{HOME}/.config/reader/state
exit 3
"""
# Programs of the user lie in folders that no app sees: this one is put where a package would.
shell = ["/bin/sh", "-c", SCRIPT.split("\n", 1)[1]]


def learn(*options, command=shell, **keywords):
    return run(SANDBOX, "profile", "learn", "--class", "headless", "--id", "reader", *options, *command, timeout=100, **keywords)


done = learn("--write")
equal(done.returncode, 0, f"status (stdout: {done.stdout} stderr: {done.stderr})")
check(done.stdout.count("a note\n") == 2, f"the program ran not twice: {done.stdout}")
path = f"{HOME}/.config/sandbox/apps/reader.toml"
with open(path, "rb") as file:
    profile = tomllib.load(file)
equal(profile["files"], {"${HOME}/notes/a.txt": {"access": "ro", "optional": True}}, "what is granted")
equal(profile["home"], {"mode": "app", "persist": [".config/reader"]}, "the home")
equal(profile["app"], {"exec": ["/bin/sh"], "extends": ["class/headless"]}, "the app")
check("services" not in profile and "network" not in profile, f"{profile}")
check("canary" not in str(profile) and "b.txt" not in done.stdout, f"what is secret, or was not used, is in it: {done.stdout}")
check("read ${HOME}/notes/a.txt → files." in done.stdout, f"what was observed is not shown: {done.stdout}")
check(not os.path.exists(f"{HOME}/.config/reader/state"), "the user's own files were changed while it looked")
equal(run(SANDBOX, "run", "reader", "-c", shell[2]).stdout, "a note\n", "under the profile that was learned")
equal(run(SANDBOX, "profile", "check", "reader").returncode, 0, "the check of what was learned")

# What does not hold is not written: the second time it wants what it did not want before.
os.unlink(path)
differs = ["/bin/sh", "-c", f"[ -d {HOME}/.gnupg ] && [ -e {HOME}/Documents ] && exit 0; exit 9"]
done = learn("--write", command=differs)
equal(done.returncode, 1, f"status of what does not hold: {done.stdout} {done.stderr}")
check("the proposal does not hold; nothing was written" in done.stderr and not os.path.exists(path), f"{done.stderr}")
equal([name for name in os.listdir(os.environ["XDG_RUNTIME_DIR"]) if name.endswith(".toml")], [], "drafts that are left")
