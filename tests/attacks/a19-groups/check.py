"""A19 (CVE-2022-36109): a supplementary group whose members may not read a file is lost on the way, and the file is open."""
from attack import *

check(os.getuid() == 0, "this case wants root")
ways()
canary = Canary()
denied = 987654
path = f"{HOME}/denied"
with open(path, "w") as file:
    file.write(SECRET)
os.chown(path, 0, denied)
os.chmod(path, 0o604)
member = ["setpriv", "--reuid", os.environ["TEST_UID"], "--regid", os.environ["TEST_GID"], f"--groups={denied}", "--inh-caps=-all"]
check(run(*member, "/bin/cat", path).returncode != 0, "the member reads it outside")
control(run(*as_test_user("/bin/cat", path)).stdout == SECRET, "without its groups the user reads it")
environment = dict(os.environ)
for options in ([], ["--user", "1000:1000"], ["--set", "ids.groups=\"keep\""]):
    done = run(*member, SANDBOX, "run", "--profile", "minimal", "--bind", path, *options, "--", "/bin/cat", path, env=environment)
    check(done.returncode != 0 and SECRET not in done.stdout, f"{options}: {done}")
# With ranges the groups can be dropped, if the profile says so: then by a range of ids that has none of the member's rights.
done = run(*member, SANDBOX, "run", "--profile", "minimal", "--bind", path, "--", "/bin/sh", "-c", "id -G; exec unshare -U cat " + path, env=environment)
check(SECRET not in done.stdout, f"in a namespace of its own: {done}")
process = subprocess.Popen([*member, SANDBOX, "run", "--profile", "minimal", "--bind", path, "--id", "member", "--", "/bin/sleep", "60"], env=environment)
try:
    wait_until("the sandbox", lambda: run(*member, SANDBOX, "exec", "member", "--", "/bin/true").returncode == 0)
    done = run(*member, SANDBOX, "exec", "member", "--", "/bin/cat", path)
    check(done.returncode != 0 and SECRET not in done.stdout, f"exec: {done}")
finally:
    process.kill()
    process.wait()
canary.unchanged("after all")
