"""network.mode = "user" by slirp4netns, where there is no pasta: address, gateway, names and routes, what it cannot do, its readiness, its death, its end."""
from runtime.networks import *

# Programs as they would be on another host: over /usr/bin, in the mount namespace of one start.
OTHER = "mkdir /mnt/upper /mnt/work; mount -t overlay none -o lowerdir=/usr/bin,upperdir=/mnt/upper,workdir=/mnt/work /usr/bin"
WITHOUT_PASTA = f"{OTHER}; rm /usr/bin/pasta"


def fake(program, script):
    """`program` says what the script says, and waits."""
    with open(f"{HOME}/fake", "w") as file:
        file.write("#!/bin/sh\nfor word; do case $word in --ready-fd=*) fd=${word#*=};; esac; done\n" + script)
    return f"{WITHOUT_PASTA}; rm -f /usr/bin/{program}; cp {HOME}/fake /usr/bin/{program}; chmod 755 /usr/bin/{program}"


with Networks() as nets:
    def sandboxed(text, *command, **keywords):
        return nets.sandboxed(text, *command, prepare=keywords.pop("prepare", WITHOUT_PASTA), **keywords)

    def stacks():
        return [number for number in of_the_user() if status_of(number).get("Name") == "slirp4netns"]

    nets.serve(nets.world, "10.99.0.1", 8001, "the world")
    nets.serve(nets.here, "127.0.0.1", 8002, "the loopback of the host", user=True)
    idle = of_the_user()
    targets = ["10.99.0.1:8001", "127.0.0.1:8002", "10.0.2.2:8002", "10.99.0.2:8002"]
    done = run(*sandboxed("", "/usr/bin/python3", "-c", FETCH, *targets[:3]))
    equal(succeeds(done, "user network").splitlines(), ["10.99.0.1:8001 the world", "127.0.0.1:8002 refused", "10.0.2.2:8002 refused"], f"what is reached {done.stderr}")
    wait_until("the stack has ended", lambda: of_the_user() == idle, 5)
    done = run(*sandboxed("host-loopback = true\n", "/usr/bin/python3", "-c", FETCH, *targets[:3]))
    equal(succeeds(done, "loopback granted").splitlines(), ["10.99.0.1:8001 the world", "127.0.0.1:8002 refused", "10.0.2.2:8002 the loopback of the host"], f"with host-loopback {done.stderr}")

    # Its own address and gateway; the mtu, the name server and routes are the profile's.
    done = run(*sandboxed("", "/usr/bin/python3", "-c", FACTS))
    equal(succeeds(done, "its own").splitlines(), ["1500 10.0.2.100 255.255.255.0", "via 10.0.2.2"], "address and gateway")
    done = run(*sandboxed("mtu = 1400\n", "/usr/bin/python3", "-c", FACTS))
    equal(succeeds(done, "mtu").splitlines()[0], "1400 10.0.2.100 255.255.255.0", "mtu")
    nets.name_server()
    ask = "import socket; print(open('/etc/resolv.conf').read().strip()); print(socket.gethostbyname('some.where.example'))"
    done = run(*sandboxed('dns = ["10.99.0.1"]\n', "/usr/bin/python3", "-c", ask))
    equal(succeeds(done, "dns").splitlines(), ["nameserver 10.99.0.1", "10.9.8.7"], "the name server")
    nets.name_server("127.0.0.53", nets.here)
    done = run(*sandboxed("", "/usr/bin/python3", "-c", ask, prepare=f"{WITHOUT_PASTA}; {nets.resolver_file('nameserver 127.0.0.53' + chr(10))}"))
    equal(succeeds(done, "the host's resolver").splitlines(), ["nameserver 10.0.2.3", "10.9.8.7"], "asked through the stack")
    done = run(*sandboxed('routes = ["198.51.100.0/24"]\n', "/bin/cat", "/proc/net/route"))
    check(re.search(r"^tap0\t006433C6\t0202000A\t", succeeds(done, "a route"), re.M), f"through its gateway: {done.stdout}")

    # What it cannot do is refused, with what can.
    for text, key in (('address = "10.1.2.3"', "address"), ('gateway = "10.1.2.1"', "gateway"), ('ports = ["8080:80"]', "ports"), ('routes = ["2001:db8::/32"]', "routes")):
        one_error(run(*sandboxed(text + "\n", "/bin/true")), 125, "case.toml:4:", f"network.{key}", "passt")
    one_error(run(*sandboxed("mtu = 100\n", "/bin/true")), 125, "case.toml:4:", "mtu")
    one_error(run(*sandboxed("", "/bin/true", prepare=WITHOUT_PASTA + "; rm /usr/bin/slirp4netns")), 125, "case.toml:3:", "neither is installed")
    # Without a device to open it cannot start, which is told as of the other.
    one_error(run(*sandboxed("", "/bin/true", tun="0600")), 125, "case.toml:3:", "cannot use /dev/net/tun, which '/usr/bin/slirp4netns' needs")

    # Ready is what it writes on its descriptor, and nothing else: not a word on stdout, not another byte.
    one_error(run(*sandboxed("", "/bin/true", prepare=fake("slirp4netns", "echo 1; exit 0"))), 125, "case.toml:3:", "slirp4netns", "ended before it was ready")
    one_error(run(*sandboxed("", "/bin/true", prepare=fake("slirp4netns", 'eval "printf x >&$fd"; exec sleep 60'))), 125, "case.toml:3:", "slirp4netns", "said something else than that it is ready")
    one_error(run(*sandboxed("", "/bin/true", prepare=fake("pasta", "echo hello; exec sleep 60"))), 125, "case.toml:3:", "pasta", "said something else than that it is ready")
    wait_until("all has ended", lambda: of_the_user() == idle, 5)

    # Its death is told, and the app goes on.
    process = subprocess.Popen(sandboxed("", "/bin/sh", "-c", "echo up; read word; echo $word"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        equal(process.stdout.readline(), "up\n", "the app")
        equal(len(stacks()), 1, "one stack")
        os.kill(stacks()[0], signal.SIGKILL)
        equal(process.stderr.readline(), "sandbox: warning: the network stack of the sandbox has ended; the app goes on without\n", "the warning")
        out, err = process.communicate("still here\n", 20)
        equal((process.returncode, out, err), (0, "still here\n", ""), "the app after it")
    finally:
        process.kill()
        process.communicate()
    # It ends with the app, and with a supervisor that is killed.
    process = subprocess.Popen(sandboxed("", "/bin/sh", "-c", "echo up; sleep 60"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        equal(process.stdout.readline(), "up\n", "the app")
        equal(len(stacks()), 1, "one stack")
        process.kill()
        process.wait(10)
        wait_until("all has ended", lambda: of_the_user() == idle, 5)
    finally:
        process.kill()
        process.communicate()
