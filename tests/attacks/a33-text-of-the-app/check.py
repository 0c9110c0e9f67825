"""A33 (GHSA-g54h): text that an application ships or writes extends what it may do."""
from attack import *

canary = Canary()
granted = f"{HOME}/granted"
os.mkdir(granted)
ID = '[app]\nid = "org.example.Text"\nexec = ["/bin/sh"]\nextends = ["class/headless"]\n[home]\nmode = "app"\n[files]\n"%s" = { access = "rw", target = "/data" }\n' % granted
os.makedirs(f"{HOME}/.config/sandbox/apps")
with open(f"{HOME}/.config/sandbox/apps/org.example.Text.toml", "w") as file:
    file.write("schema = 1\n" + ID)
MORE = f'schema = 1\n[files]\n"{canary.folder}" = {{ access = "rw", target = "/stolen" }}\n[network]\nmode = "host"\n'
explain = [SANDBOX, "explain", "org.example.Text"]


def plan(folder=HOME):
    """But for the working folder, which is the caller's where it is shown inside."""
    done = run(*explain, cwd=folder)
    equal(done.returncode, 0, f"explain ({done.stderr})")
    return [line for line in re.sub(r"org\.example\.Text-\w+", "INSTANCE", done.stdout).splitlines() if not re.match(r" *(cwd|PWD=|env PWD)", line) and "PWD=" not in line]


run(SANDBOX, "run", "org.example.Text", "-c", "true")
before = plan()
STEAL = f"cat {canary.folder}/secret /stolen/secret; echo x >{canary.folder}/new; echo x >/stolen/new"


def writing(*names):
    """A script by which the app puts its text into each folder that it may write."""
    return "".join(f'for f in "$HOME" /data /tmp "$XDG_RUNTIME_DIR"; do mkdir -p "$f/$(dirname {name})" && cat >"$f/{name}" <<\'END\'\n{MORE}END\ndone\n' for name in names)


# The control: the same script under bubblewrap with the home. The next start of the app has what the text says.
MORE_OF_IT = ".config/sandbox/apps/org.example.Text.d/more.toml"
run(*BWRAP, "--bind", HOME, HOME, "--bind", granted, "/data", "/bin/sh", "-c", writing(MORE_OF_IT))
done = run(SANDBOX, "run", "org.example.Text", "-c", STEAL)
control(done.stdout == SECRET and "new" in canary.changed(), f"what the app wrote is read at its next start: {done}")
canary.renew()
for folder in (f"{HOME}/.config/sandbox/apps/org.example.Text.d", f"{granted}/.config"):
    shutil.rmtree(folder, ignore_errors=True)
equal(plan(), before, "the plan without that text")
# The app puts it wherever it may write, under every name that something might look for.
names = ("org.example.Text.toml", "profile.toml", "sandbox.toml", ".sandbox.toml", "base.toml", "policy.toml", "org.example.Text.desktop", ".config/sandbox/base.toml", ".config/sandbox/apps/org.example.Text.toml",
         ".config/sandbox/apps/org.example.Text.d/more.toml", ".local/share/sandbox/apps/org.example.Text.toml", ".config/user-dirs.dirs", ".local/share/applications/org.example.Text.desktop", "manifest.json")
script = writing(*names)
script += f'for f in "$HOME" /data; do echo \'XDG_DOWNLOAD_DIR="{canary.folder}"\' >"$f/.config/user-dirs.dirs"; done\n'
done = run(SANDBOX, "run", "org.example.Text", "-c", script + "true")
equal(done.returncode, 0, f"the app that writes ({done.stderr})")
check(os.path.exists(f"{granted}/profile.toml"), "the app wrote nothing")
for folder in (granted, f"{HOME}/.local/share/sandbox/homes/org.example.Text", HOME, "/"):
    equal(plan(folder), before, f"the plan, asked for in {folder}")
done = run(SANDBOX, "run", "org.example.Text", "-c", STEAL)
check(SECRET not in done.stdout, f"{done}")
canary.unchanged("after all")
