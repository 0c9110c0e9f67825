"""Namespaced sysctls are set; those of the host, of a shared namespace, or that smuggle a second one are refused."""
from runtime.helpers import *

host = {}
for key in ("net.core.somaxconn", "net.ipv4.ip_unprivileged_port_start", "kernel.msgmax", "fs.mqueue.queues_max", "kernel.domainname", "kernel.hostname"):
    with open("/proc/sys/" + key.replace(".", "/")) as file:
        host[key] = file.read()


def setting(key, value, head=""):
    return with_profile(f'{head}[sysctl]\n"{key}" = {value}\n', "/bin/cat", "/proc/sys/" + key.replace(".", "/"))


says(setting("net.core.somaxconn", 77), "77\n", "net.core.somaxconn")
says(setting("net.ipv4.ip_unprivileged_port_start", '"81"'), "81\n", "as text")
# Those of the ipc namespace belong to user 0 of the user namespace.
says(setting("kernel.msgmax", 4321, "[ids]\nuid = 0\n"), "4321\n", "kernel.msgmax as user 0")
says(setting("fs.mqueue.queues_max", 11, "[ids]\nuid = 0\n"), "11\n", "fs.mqueue.queues_max as user 0")
for key in ("vm.swappiness", "kernel.core_pattern", "kernel.randomize_va_space", "user.max_user_namespaces", "fs.file-max", "kernel.sysrq", "dev.cdrom.info", "nett.x", "net"):
    one_error(setting(key, 1), 125, "case.toml:3:", key, "belongs to the whole host")
for key in ("net/core/somaxconn", "net..core", "net.core.somaxconn=1", "net.core.somaxconn\\nvm.swappiness", "net.../../../vm/swappiness", "net.core somaxconn", "net.*"):
    one_error(setting(key, 1), 125, "case.toml:3:")
for value in ('"1\\n2"', '"1\\u0000"', '""', '"\\u001b[31m"', "1.5", "[1]"):
    one_error(setting("net.core.somaxconn", value), 125, "case.toml:3:")
one_error(setting("net.core.somaxconn", 77, '[network]\nmode = "host"\n'), 125, "case.toml:5:", "net")
one_error(setting("kernel.msgmax", 77, '[namespaces]\nipc = "host"\n'), 125, "case.toml:5:", "ipc")
one_error(setting("net.core.no_such_key", 1), 125, "case.toml:3:", "no_such_key")
for key, value in host.items():
    with open("/proc/sys/" + key.replace(".", "/")) as file:
        equal(file.read(), value, f"the host's {key}")
says(setting("kernel.domainname", '"example.test"'), "example.test\n", "kernel.domainname")
says(setting("kernel.hostname", '"example"'), "example\n", "kernel.hostname")
done = setting("kernel.msgmax", 4321)
if done.returncode:
    one_error(done, 125, "case.toml:3:1:", "kernel.msgmax", "ids")
