"""Started by root the sandbox is as tight as for anyone."""
from support import *

check(os.getuid() == 0, "this case wants root")
document = probe()
equal(document["uid"], [0, 0, 0], "uids")
for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
    equal(document["status"][name], "0000000000000000", name)
equal((document["status"]["NoNewPrivs"], document["status"]["Seccomp"]), ("1", "2"), "NoNewPrivs and Seccomp")
equal(sorted(document["fds"]), ["0", "1", "2"], "descriptors")
equal(document["processes"]["1"], "sandbox-helper", "PID 1")
done = minimal("/bin/sh", "-c", "cat /etc/shadow; ls ~root/.bashrc; touch /usr/x; echo 1 >/proc/sys/vm/drop_caches; mount -t tmpfs x /tmp; echo end")
equal(done.stdout, "end\n", "what root inside could do")
equal(minimal("/bin/sh", "-c", "exit 9").returncode, 9, "exit status")
