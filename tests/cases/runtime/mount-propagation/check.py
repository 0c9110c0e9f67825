"""private, slave and shared: what the host mounts later arrives, or does not; a shared mount is still a slave of the host's."""
from runtime.helpers import *

check(os.getuid() == 0, "this case wants root")
home = HOME
os.makedirs(f"{home}/tree/later")
subprocess.run(["chown", "-R", os.environ["TEST_UID"], home], check=True)
for wanted in ("private", "slave", "shared"):
    with open(f"{home}/case.toml", "w") as file:
        file.write(f'schema = 1\n[[mount]]\ntype = "bind"\nsource = "{home}/tree"\ntarget = "/mnt/tree"\npropagation = "{wanted}"\n')
    ask = shelled(*as_test_user(SANDBOX, "run", "--profile", f"{home}/case.toml", "--", "/bin/sh", "-c",
                                "grep ' /mnt/tree ' /proc/self/mountinfo; echo ready; read go; grep -c ' /mnt/tree/later ' /proc/self/mountinfo; exit 0"))
    script = f"mount --bind {home}/tree {home}/tree && mount --make-rshared {home}/tree && exec {ask}"
    process = subprocess.Popen(["unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", script],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    check("/mnt/tree" in line, f"{wanted}: {line!r} {process.stderr.read() if not line else ''}")
    optional = line.split(" - ")[0].split()[6:]
    equal([field.split(":")[0] for field in optional], {"private": [], "slave": ["master"], "shared": ["shared", "master"]}[wanted], f"{wanted}: {line}")
    equal(process.stdout.readline(), "ready\n", "the app")
    launcher = process.pid
    subprocess.run(["nsenter", f"--mount=/proc/{launcher}/ns/mnt", "mount", "-t", "tmpfs", "later", f"{home}/tree/later"], check=True)
    out, err = process.communicate("go\n", timeout=10)
    equal((process.returncode, err), (0, ""), f"{wanted}: {out}")
    # Shared is shared among mounts of the sandbox alone: towards the host it can be no more than a slave.
    equal(out, "0\n" if wanted == "private" else "1\n", f"{wanted}: mounts that came in later")
