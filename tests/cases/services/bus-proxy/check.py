"""The proxy is confined, has a clean environment, is ready before the app runs, ends with it whatever ends us, and its death
is told."""
from services.helpers import *

HOSTILE = {**os.environ, "GIO_EXTRA_MODULES": "/nonexistent", "GCONV_PATH": "/nonexistent", "LD_LIBRARY_PATH": "/nonexistent", "G_MESSAGES_DEBUG": "all",
           "DBUS_SESSION_BUS_ADDRESS": f"unix:path={SESSION_BUS}", "EVIL": "yes"}
profile("org.example.Proxied", '[dbus.session]\n"org.example.Talked" = "talk"\n')


def proxies():
    return [number for number, name in own_processes().items() if name == "xdg-dbus-proxy"]


def start():
    process = subprocess.Popen([SANDBOX, "run", "--profile", "org.example.Proxied", "--id", "proxied", "--", "/bin/sh", "-c",
                                # Connected to in its first moment: the socket is there before the app is.
                                "/usr/bin/python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect(\"'$XDG_RUNTIME_DIR'/bus\")' && echo reached; cat"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=HOSTILE)
    equal(process.stdout.readline(), "reached\n", "the bus in the first moment")
    equal(len(proxies()), 1, "one proxy")
    return process, proxies()[0]


with bus():
    process, proxy = start()
    status = status_of(proxy)
    for capabilities in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        equal(int(status[capabilities], 16), 0, f"{capabilities} of the proxy")
    equal((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"), "privileges and filter of the proxy")
    for kind in ("user", "mnt", "pid", "ipc", "uts", "net", "cgroup"):
        mine, its = os.readlink(f"/proc/self/ns/{kind}"), os.readlink(f"/proc/{proxy}/ns/{kind}")
        check(mine != its, f"the proxy is in our {kind} namespace")
    with open(f"/proc/{proxy}/environ", "rb") as file:
        equal(file.read(), b"", "the environment of the proxy")
    root = f"/proc/{proxy}/root"
    equal(sorted(set(os.listdir(root)) - {"lib64", "lib32", "libx32"}), [".flatpak-info", "app", "bin", "host", "lib", "sbin", "usr"], "what the proxy sees")
    equal((os.listdir(root + "/host"), os.listdir(root + "/app")), (["session"], ["session"]), "its sockets")
    for folder in ("/", "/usr", "/host"):
        check(os.statvfs(root + folder).f_flag & os.ST_RDONLY, f"the proxy may write to {folder}")
    with open(root + "/.flatpak-info") as file:
        equal(file.read(), "[Application]\nname=org.example.Proxied\n\n[Instance]\ninstance-id=org.example.Proxied\n", "by what a portal knows it")
    for number in os.listdir(f"/proc/{proxy}/fd"):
        target = os.readlink(f"/proc/{proxy}/fd/{number}")
        check(target.endswith("/null") or target.startswith(("pipe:", "socket:", "anon_inode:")), f"descriptor {number} of the proxy is {target}")
    # It ends with the app.
    process.communicate("", timeout=10)
    equal(process.returncode, 0, "the app")
    wait_until("the proxy ends with the app", lambda: not proxies())
    equal(os.listdir(os.path.join(RUNTIME, "sandbox")), [], "what is left of the record")
    # And with us, killed.
    process, proxy = start()
    process.kill()
    process.communicate(timeout=10)
    wait_until("the proxy ends with a killed supervisor", lambda: not proxies())
    equal(run(SANDBOX, "ps").returncode, 0, "the next verb")
    equal(os.listdir(os.path.join(RUNTIME, "sandbox")), [], "what is left after a kill")
    # Its own death is told, and the app goes on.
    process, proxy = start()
    os.kill(proxy, signal.SIGKILL)
    equal(process.stderr.readline(), "sandbox: warning: the bus proxy of the sandbox has ended; the app goes on without\n", "its death")
    out, err = process.communicate("still here\n", timeout=10)
    equal((process.returncode, out, err), (0, "still here\n", ""), "the app without its proxy")
    wait_until("nothing but the bus is left", lambda: [n for n in own_processes().values() if n != "dbus-daemon"] == [])
