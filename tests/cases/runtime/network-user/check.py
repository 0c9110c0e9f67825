"""network.mode = "user": the world is reached by a stack in user space, the host's loopback is not unless it is granted, and the stack ends with the app."""
from runtime.helpers import *

check(os.getuid() == 0, "this case wants root")
subprocess.run(["chown", "-R", os.environ["TEST_UID"], HOME], check=True)
serve = "import http.server, os, sys\nos.chdir('/var/empty' if os.path.isdir('/var/empty') else '/usr/share/doc')\n" \
    "class Handler(http.server.BaseHTTPRequestHandler):\n" \
    " def do_GET(self):\n  self.send_response(200); self.end_headers(); self.wfile.write(sys.argv[3].encode())\n" \
    " def log_message(self, *_): pass\n" \
    "http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()\n"
fetch = "import socket, sys\n" \
    "for target in sys.argv[1:]:\n" \
    " host, port = target.rsplit(':', 1)\n" \
    " try:\n" \
    "  s = socket.create_connection((host, int(port)), 3); s.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n'); text = b''\n" \
    "  while piece := s.recv(4096): text += piece\n" \
    "  print(target, text.split(b'\\r\\n\\r\\n')[-1].decode() or 'nothing')\n" \
    " except OSError as e: print(target, 'refused')\n"
children = []


def start(*command, **keywords):
    children.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, **keywords))
    return children[-1]


def network():
    """A process in a network namespace of its own, with its loopback up."""
    holder = start("unshare", "--net", "/bin/sh", "-c", "ip link set lo up && exec sleep 120")
    wait_until("the network", lambda: os.readlink(f"/proc/{holder.pid}/exe").endswith("sleep"))
    return holder.pid


def inside(pid, *command):
    return ["nsenter", f"--net=/proc/{pid}/ns/net", *command]


def pastas():
    return {number: name for number, name in ((int(n), status_of(n)) for n in os.listdir("/proc") if n.isdigit())
            if name and os.environ["TEST_UID"] in name["Uid"].split() and not name["State"].startswith("Z")}


try:
    here, world = network(), network()
    subprocess.run(["ip", "link", "add", "v0", "netns", str(here), "type", "veth", "peer", "name", "v1", "netns", str(world)], check=True)
    for pid, link, address in ((here, "v0", "10.99.0.2"), (world, "v1", "10.99.0.1")):
        subprocess.run(inside(pid, "ip", "addr", "add", f"{address}/24", "dev", link), check=True)
        subprocess.run(inside(pid, "ip", "link", "set", link, "up"), check=True)
    subprocess.run(inside(here, "ip", "route", "add", "default", "via", "10.99.0.1"), check=True)
    start(*inside(world, "/usr/bin/python3", "-c", serve, "10.99.0.1", "8001", "the world"))
    start(*inside(here, *as_test_user("/usr/bin/python3", "-c", serve, "127.0.0.1", "8002", "the loopback of the host")))
    for pid, address in ((world, "10.99.0.1:8001"), (here, "127.0.0.1:8002")):
        wait_until(f"the server at {address}", lambda: run(*inside(pid, "/usr/bin/python3", "-c", fetch, address)).stdout.strip().endswith(("world", "host")), 60)

    # /dev/net/tun as udev makes it.
    def sandboxed(text, *command):
        with open(f"{HOME}/case.toml", "w") as file:
            file.write('schema = 1\n[network]\nmode = "user"\n' + text)
        ask = shelled(*as_test_user(SANDBOX, "run", "--profile", f"{HOME}/case.toml", "--", *command))
        return inside(here, "unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec",
                      f"mount -t tmpfs none /mnt; mknod -m 0666 /mnt/tun c 10 200; mount --bind /mnt/tun /dev/net/tun; umount -l /mnt; exec {ask}")

    idle = set(pastas())
    targets = ["10.99.0.1:8001", "127.0.0.1:8002", "10.99.0.2:8002"]
    done = run(*sandboxed("", "/usr/bin/python3", "-c", fetch, *targets))
    equal(succeeds(done, "user network").splitlines(), ["10.99.0.1:8001 the world", "127.0.0.1:8002 refused", "10.99.0.2:8002 refused"], f"what is reached {done.stderr}")
    wait_until("the stack has ended", lambda: set(pastas()) == idle, 5)
    done = run(*sandboxed("host-loopback = true\n", "/usr/bin/python3", "-c", fetch, *targets[:2]))
    equal(succeeds(done, "loopback granted").splitlines()[1], "127.0.0.1:8002 the loopback of the host", f"with host-loopback {done.stderr}")
    wait_until("the stack has ended", lambda: set(pastas()) == idle, 5)

    # Address, gateway, mtu: what the interface inside says of itself.
    facts = "import array, fcntl, socket, struct\n" \
        "for _, name in socket.if_nameindex():\n" \
        " if name == 'lo': continue\n" \
        " s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); request = struct.pack('16s240x', name.encode())\n" \
        " mtu = struct.unpack_from('i', fcntl.ioctl(s, 0x8921, request), 16)[0]\n" \
        " address, mask = (socket.inet_ntoa(fcntl.ioctl(s, number, request)[20:24]) for number in (0x8915, 0x891b))\n" \
        " print(mtu, address, mask)\n" \
        "for line in open('/proc/net/route').read().splitlines()[1:]:\n" \
        " words = line.split()\n" \
        " if words[1] == '00000000': print('via', socket.inet_ntoa(struct.pack('<I', int(words[2], 16))))\n"
    done = run(*sandboxed('address = "10.99.0.77/24"\ngateway = "10.99.0.1"\nmtu = 1400\n', "/usr/bin/python3", "-c", facts))
    equal(succeeds(done, "address, gateway, mtu").splitlines(), ["1400 10.99.0.77 255.255.255.0", "via 10.99.0.1"], "address, gateway, mtu")
    done = run(*sandboxed("", "/usr/bin/python3", "-c", facts))
    equal([line.split()[1] for line in succeeds(done, "as the host").splitlines()], ["10.99.0.2", "10.99.0.1"], "without a word the host's address and gateway")

    # The name server: the one that is named is in resolv.conf, and is the one that is asked.
    names = "import socket\n" \
        "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('10.99.0.1', 53))\n" \
        "while True:\n" \
        " query, peer = s.recvfrom(512); s.sendto(query[:2] + b'\\x85\\x80\\0\\1\\0\\1\\0\\0\\0\\0' + query[12:query.index(b'\\0', 12) + 5] + b'\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\1\\0\\4\\x0a\\x09\\x08\\x07', peer)\n"
    server = start(*inside(world, "/usr/bin/python3", "-c", names))
    wait_until("the name server", lambda: "0100630A:0035" in run(*inside(world, "/bin/cat", "/proc/net/udp")).stdout, 60)
    ask = "import socket; print(open('/etc/resolv.conf').read().strip()); print(socket.gethostbyname('some.where.example'))"
    for text in ('dns = ["10.99.0.1"]\n', 'dns = ["10.99.0.1"]\naddress = "10.99.0.77"\n'):
        done = run(*sandboxed(text, "/usr/bin/python3", "-c", ask))
        equal(succeeds(done, "dns").splitlines(), ["nameserver 10.99.0.1", "10.9.8.7"], f"with {text}")
    one_error(run(*sandboxed('dns = ["a name"]\n', "/bin/true")), 125, "case.toml:4:", "dns")

    # A port from the host inwards.
    process = subprocess.Popen(sandboxed('ports = ["8080:80"]\n[sysctl]\n"net.ipv4.ip_unprivileged_port_start" = 0\n', "/usr/bin/python3", "-c", serve, "0.0.0.0", "80", "from inside"),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_until("the port", lambda: run(*inside(here, "/usr/bin/python3", "-c", fetch, "127.0.0.1:8080")).stdout.strip().endswith("from inside") or process.poll() is not None)
        check(process.poll() is None, f"ended early: {process.communicate() if process.poll() is not None else ''}")
        # SIGKILL of the launcher: the app and the stack end with it.
        check(len(set(pastas()) - idle) >= 3, f"what runs: {pastas()}")
        process.kill()
        process.wait(10)
        wait_until("all has ended", lambda: set(pastas()) == idle, 5)
    finally:
        process.kill()
        process.communicate()

    # What the stack cannot do, and what would become an option of it.
    one_error(run(*sandboxed('routes = ["10.0.0.0/8"]\n', "/bin/true")), 125, "case.toml:4:", "routes")
    one_error(run(*sandboxed('address = "--help"\n', "/bin/true")), 125, "case.toml:4:", "--help")
    one_error(run(*sandboxed("mtu = 100\n", "/bin/true")), 125, "case.toml:4:", "mtu")
    one_error(run(*sandboxed('ports = ["0"]\n', "/bin/true")), 125, "case.toml:4:", "ports")
    # No route, no device that it may open: one line of ours.
    empty = network()
    with open(f"{HOME}/case.toml", "w") as file:
        file.write('schema = 1\n[network]\nmode = "user"\n')
    ask = shelled(*as_test_user(SANDBOX, "run", "--profile", f"{HOME}/case.toml", "--", "/bin/true"))
    done = run(*inside(empty, "unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", f"mount -t tmpfs none /mnt; mknod -m 0666 /mnt/tun c 10 200; mount --bind /mnt/tun /dev/net/tun; umount -l /mnt; exec {ask}"))
    one_error(done, 125, "case.toml:3:", "pasta", "route")
    done = run(*inside(empty, "unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", f"mount -t tmpfs none /mnt; mknod -m 0600 /mnt/tun c 10 200; mount --bind /mnt/tun /dev/net/tun; exec {ask}"))
    one_error(done, 125, "case.toml:3:", "/dev/net/tun")
    wait_until("all has ended", lambda: set(pastas()) == idle, 5)
    done = run(*sandboxed('address = "10.99.0.78/25"\n', "/bin/cat", "/proc/net/fib_trie"))
    check("10.99.0.78" in succeeds(done, "an address with its prefix") and "/25" in done.stdout, f"the address: {done.stdout}")
finally:
    for child in children:
        child.kill()
        child.wait()
