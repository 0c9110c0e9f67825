"""Each namespace is new, the host's or joined by path; joining another's is refused to an unprivileged user, with the reason."""
from runtime.helpers import *

ours = {name: os.readlink(f"/proc/self/ns/{name}") for name in ("user", "mnt", "pid", "ipc", "uts", "cgroup", "net", "time")}
document, _ = document_of("")
for name, mine in ours.items():
    shared = document["namespaces"][name] == mine
    equal(shared, name == "time", f"the {name} namespace is the host's")
for name in ("ipc", "uts", "cgroup", "net"):
    document, _ = document_of(f'[namespaces]\n{name} = "host"\n' + ('[network]\nmode = "host"\n' if name == "net" else ""))
    equal(document["namespaces"][name], ours[name], f"{name} = \"host\"")
    for other in ("user", "mnt", "pid"):
        check(document["namespaces"][other] != ours[other], f"{name} = \"host\" shares {other}")
document, _ = document_of('[namespaces]\ntime = "new"\n')
check(document["namespaces"]["time"] != ours["time"], "time = \"new\" is the host's")
for name in ("user", "mount", "pid"):
    one_error(with_profile(f'[namespaces]\n{name} = "host"\n', "/bin/true"), 125, "case.toml:3:", f"namespaces.{name}", "new")
one_error(with_profile('[namespaces]\nipc = "nwe"\n', "/bin/true"), 125, "case.toml:3:", "nwe")
for name in ("net", "ipc", "uts"):
    done = with_profile(f'[namespaces]\n{name} = "/proc/self/ns/{name}"\n', "/bin/true")
    one_error(done, 125, "case.toml:3:", name)
    one_error(with_profile(f'[namespaces]\n{name} = "/nowhere/{name}"\n', "/bin/true"), 125, "case.toml:3:", "/nowhere")
    one_error(with_profile(f'[namespaces]\n{name} = "{HOME}/.bashrc"\n', "/bin/true"), 125, "case.toml:3:", ".bashrc")
# A path of another kind of namespace is not taken for the one that was asked.
one_error(with_profile('[namespaces]\nipc = "/proc/self/ns/net"\n', "/bin/true"), 125, "case.toml:3:")
