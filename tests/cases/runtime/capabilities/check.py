"""No capability is left unless it is kept on request, with a warning; securebits are locked."""
from runtime.helpers import *

sets = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
locked = 1 | 2 | 4 | 8 | 32  # no root, no fix-up of ids, and both locked; keeping capabilities locked
document, stderr = document_of("")
equal(stderr, "", "stderr")
equal({document["status"][name] for name in sets}, {"0" * 16}, "capabilities")
equal(document["securebits"], locked | 64 | 128, "securebits: ambient ones cannot be raised either")
equal((document["status"]["NoNewPrivs"], document["status"]["Seccomp"]), ("1", "2"), "no new privileges, filter")
for text, options in (('[process]\ncaps = ["CAP_NET_RAW"]\n', []), ("", ["--cap-add", "CAP_NET_RAW"])):
    document, stderr = document_of(text, options=options)
    equal({document["status"][name] for name in sets}, {f"{1 << 13:016x}"}, f"the one capability with {text or options}")
    equal(document["securebits"] & locked, locked, "securebits")
    lines = stderr.splitlines()
    check(len(lines) == 1 and lines[0].startswith("sandbox: warning: ") and "CAP_NET_RAW" in lines[0], f"the warning: {stderr!r}")
# It is worth something inside the sandbox, and nothing outside it.
ping = "import socket\ntry:\n socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); print('raw')\nexcept OSError as e: print(e.errno)"
says(with_profile('[network]\nmode = "loopback"\n', "/usr/bin/python3", "-c", ping), "1\n", "without")
done = with_profile('[network]\nmode = "loopback"\n[process]\ncaps = ["CAP_NET_RAW"]\n', "/usr/bin/python3", "-c", ping)
says(done, "raw\n", "a raw socket of the own network", stderr=None)
done = with_profile('[network]\nmode = "host"\n[process]\ncaps = ["CAP_NET_RAW"]\n', "/usr/bin/python3", "-c", ping)
says(done, "1\n", "a raw socket of the host's network", stderr=None)
for name, needle in (("CAP_NET_RAWW", "CAP_NET_RAW"), ("net_raw", "net_raw"), ("ALL", "ALL"), ("", "case.toml"), ("CAP_99", "CAP_99")):
    one_error(with_profile(f'[process]\ncaps = ["{name}"]\n', "/bin/true"), 125, "case.toml:3:", needle)
