from support import *

document = probe()
status = document["status"]
for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
    equal(status[name], "0000000000000000", name)
equal(status["NoNewPrivs"], "1", "NoNewPrivs")
equal(status["Seccomp"], "2", "Seccomp")
# SECBIT_NOROOT and SECBIT_NO_SETUID_FIXUP, both locked: a root inside gets nothing back (capabilities(7)).
equal(document["securebits"] & 0b1111, 0b1111, "securebits")
