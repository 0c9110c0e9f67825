"""`profile learn` proposes what a program used and no more, never what is secret, tries it, and writes it only when it holds."""
import tomllib

from support import *

works()
program = f"{HOME}/bin/reader"
os.makedirs(os.path.dirname(program))
os.makedirs(f"{HOME}/notes")
os.makedirs(f"{HOME}/.config/reader")
os.makedirs(f"{HOME}/.mozilla/firefox")
os.makedirs(f"{HOME}/.config/chromium")
for path, text in {"notes/a.txt": "a note\n", "notes/b.txt": "another\n", ".config/reader/settings": "colour=blue\n", ".mozilla/firefox/key4.db": "a secret\n",
                   ".config/chromium/Cookies": "a secret\n", ".bash_history": "a secret\n"}.items():
    with open(f"{HOME}/{path}", "w") as file:
        file.write(text)
SCRIPT = f"""#!/bin/sh
cat {HOME}/notes/a.txt
cat {HOME}/.ssh/canary 2>/dev/null
cat {HOME}/.mozilla/firefox/key4.db {HOME}/.config/chromium/Cookies {HOME}/.bash_history 2>/dev/null
ls {HOME}/.mozilla 2>/dev/null
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
check("a secret" not in done.stdout and "\nfirefox\n" not in done.stdout, f"what a browser keeps was read while it looked: {done.stdout}")
check("read ${HOME}/notes/a.txt → files." in done.stdout, f"what was observed is not shown: {done.stdout}")
check(not os.path.exists(f"{HOME}/.config/reader/state"), "the user's own files were changed while it looked")
overlays = f"{HOME}/.local/share/sandbox/homes/.overlays"
equal(os.listdir(overlays), [], "what it changed while it looked is left")
equal(run(SANDBOX, "run", "reader", "-c", shell[2]).stdout, "a note\n", "under the profile that was learned")
equal(run(SANDBOX, "profile", "check", "reader").returncode, 0, "the check of what was learned")

# What does not hold is not written: the second time it wants what it did not want before.
os.unlink(path)
differs = ["/bin/sh", "-c", f"[ -d {HOME}/.gnupg ] && [ -e {HOME}/Documents ] && exit 0; exit 9"]
done = learn("--write", command=differs)
equal(done.returncode, 1, f"status of what does not hold: {done.stdout} {done.stderr}")
check("the proposal does not hold; nothing was written" in done.stderr and not os.path.exists(path), f"{done.stderr}")
equal([name for name in os.listdir(os.environ["XDG_RUNTIME_DIR"]) if name.endswith(".toml")], [], "drafts that are left")

# What another app put into a folder of its own leads to nothing secret, and a name that no profile can spell keeps nothing from being learned.
os.makedirs(f"{HOME}/games")
os.symlink(f"{HOME}/.mozilla/firefox", f"{HOME}/games/saved")
latin = os.fsencode(f"{HOME}/games/") + b"caf\xe9"
for name in (latin, os.fsencode(f"{HOME}/games/${{RUNTIME}}")):
    with open(name, "w") as file:
        file.write("x\n")
links = ["/bin/sh", "-c", f"cd {HOME}/games; cat saved/key4.db 2>/dev/null; cat caf* '${{RUNTIME}}' >/dev/null; cat {HOME}/notes/a.txt"]
done = learn("--write", command=links)
equal(done.returncode, 0, f"status: {done.stdout} {done.stderr}")
with open(path, "rb") as file:
    equal(tomllib.load(file)["files"], {"${HOME}/notes/a.txt": {"access": "ro", "optional": True}}, f"what is granted beside links: {done.stdout}")
check("it is a link, and never granted as a whole: where it leads holds a browser's passwords" in done.stdout, f"the link is not told: {done.stdout}")
equal(done.stdout.count("a profile has no spelling for that name"), 2, f"names that are not told: {done.stdout}")
os.unlink(path)

# What it changes while it looks goes with the look, to the last folder that can be removed, and nothing that its links lead to; an
# overlay of the app's own, or what another look still needs, stays.
os.makedirs(f"{overlays}/reader/upper")
with open(f"{overlays}/reader/upper/kept", "w") as file:
    file.write("kept\n")
deep = "/".join(str(level) for level in range(30))
tangled = ["/bin/sh", "-c", f"cd {HOME} && rm -r notes .config/reader && mkdir -p .reader/empty .reader/full && echo x >.reader/full/x && chmod 0 .reader/empty .reader/full && ln -s {HOME}/.ssh .reader/link && ln -s / .reader/root && echo x >.reader/x"]
done = learn(command=tangled)
equal(os.listdir(overlays), ["reader"], f"what is left of a look: {done.stdout} {done.stderr}")
equal(open(f"{overlays}/reader/upper/kept").read(), "kept\n", "an overlay of the app's own")
check(os.path.exists(f"{HOME}/.ssh/canary") and os.path.exists(f"{HOME}/notes/a.txt") and "could not be removed" not in done.stderr, f"the user's own files: {done.stderr}")
done = learn(command=["/bin/sh", "-c", f"mkdir -p {HOME}/.reader/{deep}"])
(left,) = set(os.listdir(overlays)) - {"reader"}
check(f"what the program changed of the home lies in '{overlays}/{left}', and could not be removed" in done.stderr, f"what is left is not told: {done.stderr}")

# A crash is told: what the program lacked may have been its cause.
done = learn(command=["/bin/sh", "-c", "kill -SEGV $$"])
check("it was ended by signal 11 while it was watched" in done.stderr and done.returncode == 0, f"a crash while it learns: {done}")
