"""Root joins namespaces of the host by path: the app is in them and has no rights over them."""
from runtime.helpers import *

check(os.getuid() == 0, "this case wants root")
os.environ["XDG_RUNTIME_DIR"] = os.path.join(HOME, "runtime-of-root") # the test user's would be refused
os.mkdir(os.environ["XDG_RUNTIME_DIR"], 0o700)
for name in ("net", "ipc", "uts"):
    holder = subprocess.Popen(["unshare", f"--{name}", "/bin/sh", "-c", "hostname joined-name 2>/dev/null; echo; exec sleep 60"], stdout=subprocess.PIPE, text=True)
    holder.stdout.readline()
    wait_until("the sleep", lambda: os.readlink(f"/proc/{holder.pid}/exe").endswith("sleep"))
    path = f"/proc/{holder.pid}/ns/{name}"
    wanted = os.readlink(path)
    try:
        document, _ = document_of(f'[namespaces]\n{name} = "{path}"\n')
        equal(document["namespaces"][name], wanted, f"the {name} namespace inside")
        equal(document["status"]["CapEff"], "0000000000000000", "capabilities")
        if name == "uts":
            equal(document["hostname"], os.uname().nodename if document["hostname"] != "joined-name" else "joined-name", "the name")
    finally:
        holder.kill()
        holder.wait()
one_error(with_profile('[namespaces]\nipc = "/proc/self/ns/net"\n', "/bin/true"), 125, "case.toml:3:")
