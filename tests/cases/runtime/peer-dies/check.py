"""The halves of a start talk by a socket pair across namespaces; whichever dies, the other sees the end of it and everything ends."""
from runtime.helpers import *

for network in ("none", "host"):
    for which in ("launcher", "init", "app"):
        process = subprocess.Popen([*MINIMAL, "--net", network, "--", "/bin/sh", "-c", "trap '' TERM HUP INT; setsid sleep 600 & sleep 600 & while :; do sleep 600; done"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_until("the sleeps", lambda: list(descendants(process.pid).values()).count("sleep") == 3)
        tree = descendants(process.pid)
        init = next(number for number in tree if os.path.exists(f"/proc/{number}") and status_of(number).get("NSpid", "").split()[-1:] == ["1"])
        app = next(number for number in tree if status_of(number)["PPid"] == str(init) and tree[number] == "sh")
        if network == "none":
            check(os.readlink(f"/proc/{app}/ns/net") != os.readlink("/proc/self/ns/net"), "the control: the network is the host's")
        os.kill({"launcher": process.pid, "init": init, "app": app}[which], signal.SIGKILL)
        status = process.wait(10)
        check(status in ({"launcher": (-9,), "init": (125, 137), "app": (137,)}[which]), f"{which} was killed: status {status}, {process.stderr.read()!r}")
        no_survivors()
