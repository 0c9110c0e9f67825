"""A file of the profiles that cannot be read stops the start: it may hold a restriction."""
from support import *

works()

folder = f"{HOME}/.config/sandbox/apps"
os.makedirs(folder, exist_ok=True)
path = f"{folder}/org.example.Closed.toml"
with open(path, "w") as file:
    file.write("schema = 1\n[app]\nid = 'org.example.Closed'\nnames = ['closed']\nexec = ['/bin/true']\n")
os.chmod(path, 0)
done = run(SANDBOX, "run", "org.example.Closed")
one_error(done, 125, "Closed.toml", "Permission denied")
one_error(run(SANDBOX, "run", "--profile", path, "--", "/bin/true"), 125, "Closed.toml", "Permission denied")
os.chmod(path, 0o600)
equal(run(SANDBOX, "run", "closed").returncode, 0, "readable again")
one_error(run(SANDBOX, "run", "--profile", f"{HOME}/no-such.toml", "--", "/bin/true"), 127, "no-such.toml")
