"""What a network without privileges cannot have is refused with the reason: bridges, options and routes without a stack."""
from runtime.helpers import *

for text, needles in (('bridge = "br0"', ("bridge",)), ('veth = "v0"', ("veth",)), ('mode = "bridge"', ("bridge",)), ('mac = "02:00:00:00:00:01"', ("mac",)),
                      ('address = "10.0.0.2"', ("address", "user")), ('gateway = "10.0.0.1"', ("gateway", "user")), ("mtu = 1400", ("mtu", "user")),
                      ('ports = ["80"]', ("ports", "user")), ('routes = ["10.0.0.0/8"]', ("routes", "user"))):
    one_error(with_profile(f"[network]\n{text}\n", "/bin/true"), 125, "case.toml:3:", *needles)
for mode, interfaces in (("none", "lo\n"), ("loopback", "lo\n")):
    document, _ = document_of(f'[network]\nmode = "{mode}"\n')
    equal([row["name"] if isinstance(row, dict) else row for row in document["interfaces"]][:1], ["lo"], f"interfaces of {mode}")
    equal(len(document["interfaces"]), 1, f"interfaces of {mode}")
flags = "import fcntl, socket, struct\ns = socket.socket()\nprint(struct.unpack_from('h', fcntl.ioctl(s, 0x8913, b'lo' + bytes(38)), 16)[0] & 1)"
for mode, up in (("none", "0\n"), ("loopback", "1\n")):
    says(with_profile(f'[network]\nmode = "{mode}"\n', "/usr/bin/python3", "-c", flags), up, f"lo of {mode}")
one_error(with_profile('[network]\nmode = "host"\n[namespaces]\nnet = "new"\n', "/bin/true"), 125, "case.toml:5:", "exclude")
