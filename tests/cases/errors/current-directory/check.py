"""A profile in the current directory is never used."""
from support import *

works()

text = "schema = 1\n[app]\nid = 'org.example.Here'\nnames = ['here', 'minimal']\nexec = ['/bin/echo']\nargs = ['from here']\n"
for name in ("here", "here.toml", "org.example.Here.toml", "minimal", "minimal.toml"):
    for folder in ("work", "work/apps", "work/profiles/apps", "work/.config/sandbox/apps"):
        os.makedirs(f"{HOME}/{folder}", exist_ok=True)
        with open(f"{HOME}/{folder}/{name}", "w") as file:
            file.write(text)
os.chdir(f"{HOME}/work")
for name in ("here", "org.example.Here", "here.toml"):
    one_error(run(SANDBOX, "run", name), 127, name)
    one_error(run(SANDBOX, "run", "--profile", name, "--", "/bin/true"), 127, name)
equal(minimal("/bin/echo", "right").stdout, "right\n", "the minimal profile")
for variable in ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_DIRS"):
    for value in (".", "", "work", ".config"):
        done = run(SANDBOX, "run", "here", env={**os.environ, variable: value})
        equal(done.returncode, 127, f"status with {variable}={value!r}: {done.stdout}")
