"""A22 (CVE-2022-0811, CVE-2024-3154, CVE-2021-4120): a value smuggles a second key into a text that we generate."""
from attack import *

canary = Canary()
# The control: mount(8) writes the layers of an overlay as one text with separators. The name of a folder is then two layers, and
# the second is the canary.
smuggling = f"{HOME}/layers:{canary.folder}"
os.makedirs(smuggling)
os.makedirs(f"{HOME}/layers")
os.makedirs(f"{HOME}/mounted")
done = run("unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", f'mount -t overlay overlay -o "lowerdir=$1" {HOME}/mounted && cat {HOME}/mounted/secret', "-", smuggling)
control(done.stdout == SECRET, f"a layer within the name of another: {done}")
PAYLOADS = ("x\ny=1", "x+kernel.core_pattern=|/bin/sh", "x\0y", "x\ry", "x:y", "x=y", "x\x1by", "x y", "../x", "x/y", "-x", ".x", "x;y", "$(x)", "%n", "x\u2028y")
quoted = json.dumps
# Names of instances become a folder, a unit and a control group.
for text in PAYLOADS:
    if "\0" in text:
        continue
    done = minimal("/bin/true", options=[f"--id={text}"])
    check(done.returncode in (2, 125) and done.stderr.startswith("sandbox: ") and done.stderr.count("\n") == 1, f"--id {text!r}: {done}")
# Sysctls: the key and the value are one line each, and the key is one of a namespace of the sandbox's.
for key in ("kernel.core_pattern", "kernel.modprobe", "vm.overcommit_memory", "fs.suid_dumpable", "user.max_user_namespaces", "net/../kernel/core_pattern", "net.ipv4.ip_forward\nx",
            "kernel.shm_rmid_forced+kernel.core_pattern", "/kernel/hostname", "kernel..hostname"):
    done = with_profile(f"[sysctl]\n{quoted(key)} = \"1\"\n", "/bin/true")
    refused(done)
for text in ("1\n2", "1\0", "", "1\x1b"):
    refused(with_profile(f"[sysctl]\n\"net.ipv4.ip_default_ttl\" = {quoted(text)}\n[network]\nmode = \"loopback\"\n", "/bin/true"))
# The host name is in /etc/hosts, /etc/hostname and the kernel.
for text in PAYLOADS:
    if text in ("x.y",):
        continue
    refused(with_profile(f"[hostname]\nname = {quoted(text)}\n", "/bin/true"))
# Variables: the name ends at the first '=', and the value is whole, whatever is in it.
for text in ("a\nLD_PRELOAD=/x", "a=b", "a\tb", "a;b", "a\x1b[0m"):
    done = minimal(PYTHON, "-c", "import json, os; print(json.dumps(dict(os.environ)))", options=["--env", f"GIVEN={text}"])
    seen = json.loads(done.stdout)
    equal(seen["GIVEN"], text, "a variable")
    check("LD_PRELOAD" not in seen, f"a second variable: {seen}")
for text in ("=x", "", "x"):
    one_error(minimal("/bin/true", options=["--env", text]), 2)
# Limits are written as one value to one file; a duplicate key of a table is an error.
for text in ("1G\n0", "1G 2G", "+cpu", "max\nmax"):
    refused(with_profile(f"[limits]\n\"memory.max\" = {quoted(text)}\n", "/bin/true"))
for name in ("memory.max\nx", "../cgroup.procs", "cgroup.procs", "cgroup.subtree_control", "memory/max"):
    refused(with_profile(f"[limits]\n{quoted(name)} = \"1\"\n", "/bin/true"))
refused(with_profile('[env.set]\nA = "1"\nA = "2"\n', "/bin/true"))
# Accounts inside are made from the name of the user, overlays' layers from paths: neither field separator gets in.
done = with_profile(f'[[mount]]\ntype = "overlay"\nsource = {json.dumps(smuggling)}\ntarget = "/data"\n', "/bin/sh", "-c", "ls -A /data; cat /data/secret")
check(SECRET not in done.stdout and done.stdout == "", f"a layer within the name of another: {done}")
strange = f"{HOME}/a:b,c\\d,upperdir=x"
os.mkdir(strange)
with open(f"{strange}/file", "w") as file:
    file.write("lower\n")
done = with_profile(f'[[mount]]\ntype = "overlay"\nsource = {quoted(strange)}\ntarget = "/data"\n', "/bin/sh", "-c", "cat /data/file; echo upper >/data/file; cat /data/file")
equal(done.stdout, "lower\nupper\n", f"a folder with separators in its name: {done.stderr}")
equal(os.listdir(strange), ["file"], "the layer below")
canary.unchanged("after all")
