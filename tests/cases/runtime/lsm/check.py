"""A label of a security module that this host has not is an error that names the module, never a start without it."""
from runtime.helpers import *

works()
for key, module, there in (("apparmor", "AppArmor", "/sys/module/apparmor/parameters/enabled"), ("selinux-process", "SELinux", "/sys/fs/selinux/enforce"), ("selinux-mount", "selinux", "/sys/fs/selinux/enforce")):
    done = with_profile(f'[lsm]\n{key} = "no_such_label_of_ours"\n', "/bin/echo", "started")
    equal(done.stdout, "", f"{key}: started")
    one_error(done, 125, "case.toml:3:", module)
for value in ('"a b"', '"a\\nb"', '"' + "x" * 600 + '"', '"a\\u0000"', "1"):
    one_error(with_profile(f"[lsm]\napparmor = {value}\n", "/bin/true"), 125, "case.toml:3:")
