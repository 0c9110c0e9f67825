"""What a start will do is printed without starting; an error tells who asked, what failed and what to do; every verb has help."""
from runtime.helpers import *

path = f"{HOME}/case.toml"
done = with_profile(f'[files]\n"{HOME}/Downloads" = "rw"\n[hostname]\nname = "explained"\n', "/bin/touch", f"{HOME}/Downloads/started", options=["--dry-run"])
out = succeeds(done, "--dry-run")
for needle in (f"{HOME}/Downloads", "explained", "case.toml:3", "/usr", "touch"):
    check(needle in out, f"{needle!r} is not in the plan")
check(not os.path.exists(f"{HOME}/Downloads/started"), "it was started")
again = with_profile(f'[files]\n"{HOME}/Downloads" = "rw"\n[hostname]\nname = "explained"\n', "/bin/touch", f"{HOME}/Downloads/started", options=["--dry-run", "--id", "one"])
third = with_profile(f'[files]\n"{HOME}/Downloads" = "rw"\n[hostname]\nname = "explained"\n', "/bin/touch", f"{HOME}/Downloads/started", options=["--dry-run", "--id", "one"])
equal(again.stdout, third.stdout, "the same wish on the same host")
document = json.loads(succeeds(with_profile("", "/bin/true", options=["--dry-run", "--json"]), "--json"))
check(isinstance(document, dict) and "mounts" in document, f"keys: {list(document)}")
done = with_profile(f'[files]\n"{HOME}/Downloads/gone" = "rw"\n', "/bin/true")
one_error(done, 125, f"{path}:3:1:", "gone", ";")
# By name, by another name of it, by file: the same profile.
for name in ("minimal", f"{HOME}/minimal.toml"):
    if name.startswith("/"):
        shutil.copy(json.loads(succeeds(run(SANDBOX, "explain", "--json", "--profile", "minimal", "--id", "same", "--", "/bin/true"), "by name"))["profile"], name)
    document = json.loads(succeeds(run(SANDBOX, "explain", "--json", "--profile", name, "--id", "same", "--", "/bin/true"), name))
    equal((document["app"], [mount["target"] for mount in document["mounts"] if "target" in mount][:1]), ("minimal", ["/usr"]), f"the profile {name}")
one_error(run(SANDBOX, "explain", "--profile", "no-such-profile", "--", "/bin/true"), 127, "no-such-profile")
one_error(run(SANDBOX, "explain", "--profile", f"{HOME}/no-such.toml", "--", "/bin/true"), 127, "no-such.toml")
for words in (["--help"], ["run", "--help"], ["explain", "--help"]):
    done = run(SANDBOX, *words)
    equal((done.returncode, done.stderr), (0, ""), f"{words}")
    check("Usage" in done.stdout or "usage" in done.stdout, f"{words}: {done.stdout}")
one_error(run(SANDBOX, "rnu"), 2, "rnu", "run")
one_error(run(SANDBOX, "run", "--no-such-option"), 2, "--no-such-option")
