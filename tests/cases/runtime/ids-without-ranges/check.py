"""A user without subordinate ids: the plain start works, a range is refused with the files that would grant it."""
from runtime.helpers import *

check(os.getuid() == 0, "this case wants root")
subprocess.run(["chown", "-R", os.environ["TEST_UID"], HOME], check=True)


def ask(text):
    with open(f"{HOME}/case.toml", "w") as file:
        file.write("schema = 1\n" + text)
    command = shelled(*as_test_user(SANDBOX, "run", "--profile", f"{HOME}/case.toml", "--", "/bin/sh", "-c", "cat /proc/self/uid_map"))
    return run("unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec",
               f"mount --bind /dev/null /etc/subuid; mount --bind /dev/null /etc/subgid; exec {command}")


own = os.environ["TEST_UID"]
done = ask("")
equal((succeeds(done, "a plain start").split(), done.stderr), ([own, own, "1"], ""), "the map")
done = ask("[ids]\nuid-map = [{ inside = 0, outside = 100000, count = 65536 }]\n")
one_error(done, 125, "case.toml:3:", "newuidmap", "/etc/subuid")
