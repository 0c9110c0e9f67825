"""Supplementary groups: kept, so that what is denied to a group stays denied; or dropped, where the map allows it."""
from runtime.helpers import *

check(os.getuid() == 0, "this case wants root")
uid, gid, name, extra = int(os.environ["TEST_UID"]), int(os.environ["TEST_GID"]), os.environ["TEST_USER"], 60999
os.makedirs(f"{HOME}/shared")
for file_name, mode, group in (("granted", 0o040, extra), ("denied", 0o604, extra)):
    path = f"{HOME}/shared/{file_name}"
    with open(path, "w") as file:
        file.write(f"{file_name}\n")
    os.chown(path, 0, group)
    os.chmod(path, mode)
with open("/etc/subgid") as file:
    gids = next(int(line.split(":")[1]) for line in file if line.startswith(f"{name}:"))


def ask(text):
    with open(f"{HOME}/case.toml", "w") as file:
        file.write(f'schema = 1\n[files]\n"{HOME}/shared" = "ro"\n' + text)
    subprocess.run(["chown", str(uid), HOME, f"{HOME}/case.toml", f"{HOME}/shared"], check=True)
    command = as_test_user(SANDBOX, "run", "--profile", f"{HOME}/case.toml", "--", "/bin/sh", "-c",
                           f"grep ^Groups: /proc/self/status | tr -s '\\t ' ' '; cat /proc/self/setgroups; cd {HOME}/shared; cat granted denied 2>/dev/null; exit 0")
    command[command.index("--clear-groups"):command.index("--clear-groups") + 1] = ["--groups", f"{gid},{extra}"]
    return run(*command)


for text in ("", '[ids]\ngroups = "keep"\n'):
    lines = succeeds(ask(text), "groups are kept").splitlines()
    check("65534" in lines[0], f"the group is not there any more: {lines}")
    equal(lines[1:], ["deny", "granted"], "what the group may and may not")
one_error(ask('[ids]\ngroups = "drop"\n'), 125, "case.toml:5:", "gid-map")
one_error(ask('[ids]\ngroups = "drpo"\n'), 125, "case.toml:5:", "drpo")
done = ask(f'[ids]\ngroups = "drop"\ngid-map = [{{ inside = {gid}, outside = {gid} }}, {{ inside = 0, outside = {gids}, count = 10 }}]\n')
lines = succeeds(done, "groups are dropped").splitlines()
equal((lines[0].strip(), lines[1]), ("Groups:", "allow"), "dropped groups")
check("granted" not in lines, f"a dropped group still grants: {lines}")
