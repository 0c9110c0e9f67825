"""A43 (firejail #6896): a profile, or a part of one, is read from the folder in which the user happens to stand."""
from attack import *

canary = Canary()
evil = f"{HOME}/evil"
MORE = f'schema = 1\n[files]\n"{canary.folder}" = {{ access = "rw", target = "/stolen" }}\n'
for name in ("minimal.toml", "minimal", "base.toml", "apps/minimal.toml", "apps/minimal.d/more.toml", "minimal.d/more.toml", ".config/sandbox/base.toml", ".sandbox.toml", "sandbox.toml", "policy.toml",
             "sandbox/base.toml", "sandbox/apps/minimal.toml", "class/headless.toml", "services/fonts.toml", "etc/sandbox/base.toml", "org.example.Evil.toml"):
    os.makedirs(os.path.dirname(f"{evil}/{name}"), exist_ok=True)
    if not os.path.isdir(f"{evil}/{name}"):
        with open(f"{evil}/{name}", "w") as file:
            file.write(MORE + ("" if "Evil" not in name else '[app]\nnames = ["evil"]\nexec = ["/bin/true"]\n'))
# The control: firejail takes a profile that is named from the folder in which it is started.
theirs = f"{HOME}/theirs"
os.makedirs(theirs)
with open(f"{theirs}/minimal", "w") as file:
    file.write("env STOLEN=by the folder\n")
done = run("firejail", "--quiet", "--profile=minimal", "/bin/sh", "-c", "echo $STOLEN", cwd=theirs)
control(done.stdout == "by the folder\n", f"firejail's profile of the current folder: {done}")
shutil.rmtree(theirs)
STEAL = f"cat /stolen/secret; echo x >/stolen/new; true"
done = run(SANDBOX, "run", "--profile", f"{evil}/minimal.toml", "--", "/bin/sh", "-c", STEAL)
control(done.stdout == SECRET and "new" in canary.changed(), f"what the file would do, named by its path: {done}")
canary.renew()
for folder in (evil, f"{evil}/apps", f"{evil}/sandbox", f"{evil}/.config"):
    for extra in ({}, {"XDG_CONFIG_HOME": ""}, {"XDG_CONFIG_HOME": "."}, {"XDG_CONFIG_HOME": ".config"}, {"XDG_DATA_HOME": ".", "XDG_DATA_DIRS": "."}):
        done = run(SANDBOX, "run", "--profile", "minimal", "--", "/bin/sh", "-c", STEAL, cwd=folder, env=dict(os.environ, **extra))
        check(SECRET not in done.stdout, f"in {folder} with {extra}: {done}")
        for name in ("evil", "org.example.Evil", "apps/minimal"):
            done = run(SANDBOX, "run", name, cwd=folder, env=dict(os.environ, **extra))
            check(done.returncode in (2, 125, 127) and done.stderr.startswith("sandbox: "), f"{name} in {folder}: {done}")
        canary.unchanged(f"in {folder} with {extra}")
check("evil" not in run(SANDBOX, "profile", "list", cwd=evil).stdout, "the list of profiles")
