"""Flags that the host set on a mount stay, whatever the profile asks; a tree with mounts in it is taken whole."""
from runtime.helpers import *

check(os.getuid() == 0, "this case wants root")
os.makedirs(f"{HOME}/tree/inner")
with open(f"{HOME}/tree/tool", "w") as file:
    file.write("#!/bin/sh\necho it is run\n")
os.chmod(f"{HOME}/tree/tool", 0o755)
subprocess.run(["chown", "-R", os.environ["TEST_UID"], HOME], check=True)


def look(flags, options, command, before=""):
    with open(f"{HOME}/case.toml", "w") as file:
        file.write(f'schema = 1\n[[mount]]\ntype = "bind"\nsource = "{HOME}/tree"\ntarget = "/mnt/tree"\noptions = {json.dumps(options)}\n')
    ask = shelled(*as_test_user(SANDBOX, "run", "--profile", f"{HOME}/case.toml", "--", "/bin/sh", "-c", command))
    return run("unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec",
               f"mount --bind {HOME}/tree {HOME}/tree; {before} mount -o remount,bind,{flags} {HOME}/tree; {ask}")


write = "touch /mnt/tree/x 2>/dev/null && echo written || echo read-only; /mnt/tree/tool 2>/dev/null || echo not run"
says(look("rw", ["rw"], write), "written\nit is run\n", "the control: a host mount that may be written")
says(look("ro", ["rw"], write), "read-only\nit is run\n", "ro of the host")
says(look("rw,noexec", ["rw", "exec"], write), "written\nnot run\n", "noexec of the host")
flags = "grep ' /mnt/tree ' /proc/self/mountinfo | cut -d' ' -f6"
for wanted in ("noatime", "nodiratime", "nosymfollow"):
    done = look(f"rw,{wanted}", ["rw"], flags)
    check(wanted in succeeds(done, wanted).strip().split(","), f"{wanted} is lost: {done.stdout}")
inner = f"mount -t tmpfs -o mode=1777 inner {HOME}/tree/inner; touch {HOME}/tree/inner/file; mount -o remount,bind,ro {HOME}/tree/inner;"
says(look("rw", ["rw"], "ls /mnt/tree/inner; touch /mnt/tree/inner/x 2>/dev/null || echo read-only", inner), "file\nread-only\n", "a mount below it")
done = look("rw", ["rw", "alone"], "ls /mnt/tree/inner", inner)
one_error(done, 125, "case.toml:2:", "mounts lie below")
