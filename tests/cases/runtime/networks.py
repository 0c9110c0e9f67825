"""Two networks of a case's own: `here`, the host of its sandboxes, and `world` behind it, 10.99.0.1 and fd99::1. Wants root."""
from runtime.helpers import *

SERVE = "import http.server, os, socket, sys\nos.chdir('/var/empty' if os.path.isdir('/var/empty') else '/usr/share/doc')\n" \
    "class Handler(http.server.BaseHTTPRequestHandler):\n" \
    " def do_GET(self):\n  self.send_response(200); self.end_headers(); self.wfile.write(sys.argv[3].encode())\n" \
    " def log_message(self, *_): pass\n" \
    "class Server(http.server.ThreadingHTTPServer):\n address_family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET\n" \
    "Server((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()\n"
FETCH = "import socket, sys\n" \
    "for target in sys.argv[1:]:\n" \
    " host, port = target.rsplit(':', 1)\n" \
    " try:\n" \
    "  s = socket.create_connection((host, int(port)), 3); s.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n'); text = b''\n" \
    "  while piece := s.recv(4096): text += piece\n" \
    "  print(target, text.split(b'\\r\\n\\r\\n')[-1].decode() or 'nothing')\n" \
    " except OSError as e: print(target, 'refused')\n"
# Answers each question for an address with 10.9.8.7.
NAMES = "import socket, sys\n" \
    "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((sys.argv[1], 53))\n" \
    "while True:\n" \
    " query, peer = s.recvfrom(512); s.sendto(query[:2] + b'\\x85\\x80\\0\\1\\0\\1\\0\\0\\0\\0' + query[12:query.index(b'\\0', 12) + 5] + b'\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\1\\0\\4\\x0a\\x09\\x08\\x07', peer)\n"
# What the interface inside says of itself: mtu, address, netmask, and the default route.
FACTS = "import array, fcntl, socket, struct\n" \
    "for _, name in socket.if_nameindex():\n" \
    " if name == 'lo': continue\n" \
    " s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); request = struct.pack('16s240x', name.encode())\n" \
    " mtu = struct.unpack_from('i', fcntl.ioctl(s, 0x8921, request), 16)[0]\n" \
    " address, mask = (socket.inet_ntoa(fcntl.ioctl(s, number, request)[20:24]) for number in (0x8915, 0x891b))\n" \
    " print(mtu, address, mask)\n" \
    "for line in open('/proc/net/route').read().splitlines()[1:]:\n" \
    " words = line.split()\n" \
    " if words[1] == '00000000': print('via', socket.inet_ntoa(struct.pack('<I', int(words[2], 16))))\n"


def inside(pid, *command):
    return ["nsenter", f"--net=/proc/{pid}/ns/net", *command]


def of_the_user():
    """Living processes of this case's user, by any of their ids: the stack changes some of its own."""
    return {number for number, status in ((int(n), status_of(n)) for n in os.listdir("/proc") if n.isdigit())
            if status and os.environ["TEST_UID"] in status["Uid"].split() and not status["State"].startswith("Z")}


class Networks:
    def __init__(self):
        check(os.getuid() == 0, "this case wants root")
        subprocess.run(["chown", "-R", os.environ["TEST_UID"], HOME], check=True)
        self.children = []

    def __enter__(self):
        self.here, self.world = self.network(), self.network()
        subprocess.run(["ip", "link", "add", "v0", "netns", str(self.here), "type", "veth", "peer", "name", "v1", "netns", str(self.world)], check=True)
        for pid, link, number in ((self.here, "v0", 2), (self.world, "v1", 1)):
            subprocess.run(inside(pid, "ip", "addr", "add", f"10.99.0.{number}/24", "dev", link), check=True)
            subprocess.run(inside(pid, "ip", "addr", "add", f"fd99::{number}/64", "dev", link, "nodad"), check=True)
            subprocess.run(inside(pid, "ip", "link", "set", link, "up"), check=True)
        for family, gateway in (("-4", "10.99.0.1"), ("-6", "fd99::1")):
            subprocess.run(inside(self.here, "ip", family, "route", "add", "default", "via", gateway), check=True)
        return self

    def __exit__(self, *_):
        for child in self.children:
            child.kill()
            child.wait()

    def start(self, *command, **keywords):
        self.children.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, **keywords))
        return self.children[-1]

    def network(self):
        """A process in a network namespace of its own, with its loopback up."""
        holder = self.start("unshare", "--net", "/bin/sh", "-c", "ip link set lo up && exec sleep 300")
        wait_until("the network", lambda: os.readlink(f"/proc/{holder.pid}/exe").endswith("sleep"))
        return holder.pid

    def serve(self, pid, address, port, word, *, user=False):
        """A web server that answers that word, once it does."""
        command = ["/usr/bin/python3", "-c", SERVE, address, str(port), word]
        self.start(*inside(pid, *(as_test_user(*command) if user else command)))
        wait_until(f"the server at {address}", lambda: run(*inside(pid, "/usr/bin/python3", "-c", FETCH, f"{address}:{port}")).stdout.strip().endswith(word), 60)

    def name_server(self, address="10.99.0.1", network=None):
        self.start(*inside(network or self.world, "/usr/bin/python3", "-c", NAMES, address))
        bound = "".join(f"{int(part):02X}" for part in reversed(address.split("."))) + ":0035"
        wait_until("the name server", lambda: bound in run(*inside(network or self.world, "/bin/cat", "/proc/net/udp")).stdout, 60)

    def resolver_file(self, text):
        """What to prepare so that the host's /etc/resolv.conf says that."""
        with open(f"{HOME}/resolv.conf", "w") as file:
            file.write(text)
        return f"mount --bind {HOME}/resolv.conf /etc/resolv.conf"

    def sandboxed(self, text, *command, network=None, tun="0666", prepare="true", options=()):
        """A command line that runs the command in mode user, in `here`: with /dev/net/tun as udev makes it, after `prepare`, in a
        mount namespace of its own."""
        with open(f"{HOME}/case.toml", "w") as file:
            file.write('schema = 1\n[network]\nmode = "user"\n' + text)
        ask = shelled(*as_test_user(SANDBOX, "run", "--profile", f"{HOME}/case.toml", *options, "--", *command))
        return inside(network or self.here, "unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec",
                      f"mount -t tmpfs none /mnt; mknod -m {tun} /mnt/tun c 10 200; mount --bind /mnt/tun /dev/net/tun; {prepare}; umount -l /mnt; exec {ask}")
