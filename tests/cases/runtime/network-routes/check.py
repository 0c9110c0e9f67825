"""network.routes: routes of the sandbox's own, of both kinds of addresses, stand in its tables beside those of the stack and lead somewhere."""
from runtime.networks import *

# (destination, prefix or mask, gateway, interface) as the kernel's tables tell it, those of the loopback and of single links left out.
TABLES = "import socket, struct\n" \
    "number = lambda word: socket.inet_ntoa(struct.pack('<I', int(word, 16)))\n" \
    "for line in open('/proc/net/route').read().splitlines()[1:]:\n" \
    " words = line.split(); print(number(words[1]), number(words[7]), number(words[2]))\n" \
    "six = lambda word: socket.inet_ntop(socket.AF_INET6, bytes.fromhex(word))\n" \
    "for line in open('/proc/net/ipv6_route').read().splitlines():\n" \
    " words = line.split()\n" \
    " if words[9] != 'lo' and words[0][:2] not in ('fe', 'ff'): print(six(words[0]), int(words[1], 16), six(words[4]))\n"

with Networks() as nets:
    sandboxed = nets.sandboxed
    plain = succeeds(run(*sandboxed("", "/usr/bin/python3", "-c", TABLES)), "without routes").splitlines()
    own = ["198.51.100.0 255.255.255.0 10.99.0.1", "203.0.113.0 255.255.255.128 0.0.0.0", "192.0.2.7 255.255.255.255 10.99.0.1",
           "2001:db8:1:: 48 fd99::1", "2001:db8:2:: 64 ::"]
    check(not set(own) & set(plain), f"the stack makes them by itself: {plain}")
    wish = 'routes = ["198.51.100.0/24 via 10.99.0.1", "203.0.113.0/25", "192.0.2.7 via 10.99.0.1", "2001:db8:1::/48 via fd99::1", "2001:db8:2::/64"]\n'
    found = succeeds(run(*sandboxed(wish, "/usr/bin/python3", "-c", TABLES)), "with routes").splitlines()
    check(set(own) <= set(found), f"routes of the sandbox: {found}")
    equal(sorted(set(found) - set(own)), sorted(set(plain)), "those of the stack stay")

    # They lead somewhere: what is behind them answers, through the gateway and on the link.
    for address, family in (("198.51.100.1/24", "-4"), ("203.0.113.1/25", "-4"), ("2001:db8:1::1/48", "-6"), ("2001:db8:2::1/64", "-6")):
        subprocess.run(inside(nets.world, "ip", family, "addr", "add", address, "dev", "v1", *(["nodad"] if family == "-6" else [])), check=True)
    nets.serve(nets.world, "::", 8001, "the world")
    targets = ["198.51.100.1:8001", "203.0.113.1:8001", "2001:db8:1::1:8001", "2001:db8:2::1:8001"]
    done = run(*sandboxed(wish, "/usr/bin/python3", "-c", FETCH, *targets))
    equal(succeeds(done, "fetching").splitlines(), [f"{target} the world" for target in targets], f"what is reached {done.stderr}")
    # The app itself cannot take them away or add any.
    change = "import fcntl, socket, struct\ns = socket.socket()\n" \
        "request = struct.pack('Q', 0) + b''.join(struct.pack('<HH4s8x', 2, 0, socket.inet_aton(a)) for a in ('198.51.100.0', '10.99.0.1', '255.255.255.0')) + struct.pack('<HH4xQQ16x', 3, 0, 0, 0)\n" \
        "for call in (0x890b, 0x890c):\n" \
        " try: fcntl.ioctl(s, call, request.ljust(120, b'\\0')); print('done')\n" \
        " except OSError as e: print(e.strerror)\n"
    equal(succeeds(run(*sandboxed(wish, "/usr/bin/python3", "-c", change)), "changing").splitlines(), ["Operation not permitted"] * 2, "SIOCADDRT, SIOCDELRT from inside")

    explained = run(*as_test_user(SANDBOX, "explain", "--profile", f"{HOME}/case.toml", "--", "/bin/true"))
    check("route 198.51.100.0/24 via 10.99.0.1" in explained.stdout and "route 2001:db8:2::/64 " in explained.stdout, f"the plan: {explained.stdout}")

    # What is no route is refused with its line, before anything starts; what the kernel refuses, too.
    for value, needle in (("10.0.0.1/8", "bits set behind its prefix"), ("10.0.0.0/33", "no prefix of 0 to 32 bits"), ("10.0.0.0/", "no prefix"), ("10.0.0.0/08", "no prefix"),
                          ("2001:db8::/129", "no prefix of 0 to 128 bits"), ("10.0.0/8", "no address"), ("default", "no address"), ("10.0.0.0/8 via", "no prefix"),
                          ("10.0.0.0/8 via  10.99.0.1", "no address"), ("10.0.0.0/8 via 10.99.0.1 dev lo", "no address"), ("10.0.0.0/8 via fd99::1", "from one kind of addresses to the other"),
                          ("2001:db8::/32 via 10.99.0.1", "from one kind of addresses to the other"), ("--help", "no address")):
        one_error(run(*sandboxed(f'routes = ["{value}"]\n', "/bin/true")), 125, "case.toml:4:", "network.routes", needle)
    one_error(run(*sandboxed('mtu = 1400\nroutes = ["198.51.100.0/24 via 172.31.0.1"]\n', "/bin/true")), 125, "case.toml:5:", "cannot add the route '198.51.100.0/24 via 172.31.0.1'", "on the link of the sandbox")
    one_error(run(*sandboxed('routes = ["10.99.0.0/24", "0.0.0.0/0 via 10.99.0.1"]\n', "/bin/true")), 125, "case.toml:4:", "File exists", "the stack has that route already")
