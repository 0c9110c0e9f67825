"""network.mode = "user": the world is reached by a stack in user space, the host's loopback is not unless it is granted, and the stack ends with the app."""
from runtime.networks import *

with Networks() as nets:
    here, sandboxed = nets.here, nets.sandboxed
    nets.serve(nets.world, "10.99.0.1", 8001, "the world")
    nets.serve(here, "127.0.0.1", 8002, "the loopback of the host", user=True)

    idle = of_the_user()
    targets = ["10.99.0.1:8001", "127.0.0.1:8002", "10.99.0.2:8002"]
    done = run(*sandboxed("", "/usr/bin/python3", "-c", FETCH, *targets))
    equal(succeeds(done, "user network").splitlines(), ["10.99.0.1:8001 the world", "127.0.0.1:8002 refused", "10.99.0.2:8002 refused"], f"what is reached {done.stderr}")
    wait_until("the stack has ended", lambda: of_the_user() == idle, 5)
    done = run(*sandboxed("host-loopback = true\n", "/usr/bin/python3", "-c", FETCH, *targets[:2]))
    equal(succeeds(done, "loopback granted").splitlines()[1], "127.0.0.1:8002 the loopback of the host", f"with host-loopback {done.stderr}")
    wait_until("the stack has ended", lambda: of_the_user() == idle, 5)

    # Address, gateway, mtu: what the interface inside says of itself.
    done = run(*sandboxed('address = "10.99.0.77/24"\ngateway = "10.99.0.1"\nmtu = 1400\n', "/usr/bin/python3", "-c", FACTS))
    equal(succeeds(done, "address, gateway, mtu").splitlines(), ["1400 10.99.0.77 255.255.255.0", "via 10.99.0.1"], "address, gateway, mtu")
    done = run(*sandboxed("", "/usr/bin/python3", "-c", FACTS))
    equal([line.split()[1] for line in succeeds(done, "as the host").splitlines()], ["10.99.0.2", "10.99.0.1"], "without a word the host's address and gateway")

    # The name server: the one that is named is in resolv.conf, and is the one that is asked.
    nets.name_server()
    ask = "import socket; print(open('/etc/resolv.conf').read().strip()); print(socket.gethostbyname('some.where.example'))"
    for text in ('dns = ["10.99.0.1"]\n', 'dns = ["10.99.0.1"]\naddress = "10.99.0.77"\n'):
        done = run(*sandboxed(text, "/usr/bin/python3", "-c", ask))
        equal(succeeds(done, "dns").splitlines(), ["nameserver 10.99.0.1", "10.9.8.7"], f"with {text}")
    one_error(run(*sandboxed('dns = ["a name"]\n', "/bin/true")), 125, "case.toml:4:", "dns")

    # A resolver on the host's loopback is asked through the stack; the rest of that loopback stays closed.
    nets.name_server("127.0.0.53", nets.here)
    stub = nets.resolver_file("search example.org\nnameserver 127.0.0.53\noptions edns0\n")
    done = run(*sandboxed("", "/usr/bin/python3", "-c", "import sys; exec(sys.argv.pop(1)); exec(sys.argv.pop(1))", ask.replace(".strip())", ".split())"), FETCH, "127.0.0.1:8002", "169.254.1.1:8002", prepare=stub))
    equal(succeeds(done, "the host's resolver").splitlines(), ["['search', 'example.org', 'nameserver', '169.254.1.1', 'options', 'edns0']", "10.9.8.7", "127.0.0.1:8002 refused", "169.254.1.1:8002 refused"], "asked through the stack")

    # A port from the host inwards.
    process = subprocess.Popen(sandboxed('ports = ["8080:80"]\n[sysctl]\n"net.ipv4.ip_unprivileged_port_start" = 0\n', "/usr/bin/python3", "-c", SERVE, "0.0.0.0", "80", "from inside"),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_until("the port", lambda: run(*inside(here, "/usr/bin/python3", "-c", FETCH, "127.0.0.1:8080")).stdout.strip().endswith("from inside") or process.poll() is not None)
        check(process.poll() is None, f"ended early: {process.communicate() if process.poll() is not None else ''}")
        # SIGKILL of the launcher: the app and the stack end with it.
        check(len(of_the_user() - idle) >= 3, f"what runs: {of_the_user()}")
        process.kill()
        process.wait(10)
        wait_until("all has ended", lambda: of_the_user() == idle, 5)
    finally:
        process.kill()
        process.communicate()

    # What would become an option of the stack, or is no value.
    one_error(run(*sandboxed('address = "--help"\n', "/bin/true")), 125, "case.toml:4:", "--help")
    one_error(run(*sandboxed("mtu = 100\n", "/bin/true")), 125, "case.toml:4:", "mtu")
    one_error(run(*sandboxed('ports = ["0"]\n', "/bin/true")), 125, "case.toml:4:", "ports")
    # No route, no device that it may open: one line of ours.
    empty = nets.network()
    one_error(run(*sandboxed("", "/bin/true", network=empty)), 125, "case.toml:3:", "pasta", "route")
    one_error(run(*sandboxed("", "/bin/true", network=empty, tun="0600")), 125, "case.toml:3:", "/dev/net/tun")
    wait_until("all has ended", lambda: of_the_user() == idle, 5)
    done = run(*sandboxed('address = "10.99.0.78/25"\n', "/bin/cat", "/proc/net/fib_trie"))
    check("10.99.0.78" in succeeds(done, "an address with its prefix") and "/25" in done.stdout, f"the address: {done.stdout}")
