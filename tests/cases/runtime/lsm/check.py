"""A label of a security module that this host has not is an error that names the module, never a start without it."""
from runtime.helpers import *

works()
for key, module, there in (("apparmor", "AppArmor", "/sys/module/apparmor/parameters/enabled"), ("selinux-process", "SELinux", "/sys/fs/selinux/enforce"), ("selinux-mount", "selinux", "/sys/fs/selinux/enforce")):
    done = with_profile(f'[lsm]\n{key} = "no_such_label_of_ours"\n', "/bin/echo", "started")
    equal(done.stdout, "", f"{key}: started")
    one_error(done, 125, "case.toml:3:", module)
for value in ('"a b"', '"a\\nb"', '"' + "x" * 600 + '"', '"a\\u0000"', "1"):
    one_error(with_profile(f"[lsm]\napparmor = {value}\n", "/bin/true"), 125, "case.toml:3:")
# A host that says it has SELinux, and a kernel that has not: the label comes as far as the mount, which refuses it.
with open(f"{HOME}/case.toml", "w") as file:
    file.write('schema = 1\n[lsm]\nselinux-mount = "system_u:object_r:container_file_t:s0"\n')
if not os.path.exists("/sys/fs/selinux/enforce"):
    os.dup2(os.open("/dev/null", os.O_RDONLY), 7)
    done = run("bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--proc", "/proc", "--tmpfs", "/sys/fs", "--dir", "/sys/fs/selinux", "--bind-data", "7", "/sys/fs/selinux/enforce",
               SANDBOX, "run", "--profile", f"{HOME}/case.toml", "--", "/bin/echo", "started", pass_fds=[7])
    equal(done.stdout, "", "started without the label")
    one_error(done, 125, "system_u:object_r:container_file_t:s0", "selinux-mount", "case.toml:3:")
