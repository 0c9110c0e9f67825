"""Whoever starts it and wherever, a sandbox is the same: as a user with and without subordinate ids, as root, inside a user namespace, and inside bubblewrap."""
from runtime.helpers import *
import atexit

check(os.getuid() == 0, "this case wants root")
subprocess.run(["chown", "-R", os.environ["TEST_UID"], HOME], check=True)
RUNTIME = os.environ["XDG_RUNTIME_DIR"]
own = os.environ["TEST_UID"]
root_home = tempfile.mkdtemp(dir="/opt")  # of user 0 alone: in a user namespace of its own it has no right to the user's home
root_runtime = tempfile.mkdtemp(dir="/opt")
for folder in (root_home, root_runtime):
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
as_user = as_test_user()
no_ranges = ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", 'mount --bind /dev/null /etc/subuid; mount --bind /dev/null /etc/subgid; exec "$@"', "sh"]
whole = ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--proc", "/proc"]
# name, what comes before the program, the user and the group inside, whether it is root's home
environments = (
    ("a user with subordinate ids", as_user, own, HOME),
    ("a user without subordinate ids", [*no_ranges, *as_user], own, HOME),
    ("root", ["env", f"HOME={root_home}", f"XDG_RUNTIME_DIR={root_runtime}"], "0", root_home),
    ("inside a user namespace", [*as_user, "unshare", "--user", "--map-current-user"], own, HOME),
    ("inside a user namespace as its user 0", [*as_user, "unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc"], "0", HOME),
    ("inside bubblewrap", [*as_user, "bwrap", *whole], own, HOME),
    ("inside bubblewrap with all its namespaces", [*as_user, "bwrap", *whole, "--unshare-all", "--as-pid-1"], own, HOME),
)


def confined(name, start, uid, home):
    """What the probe sees of itself: nothing that a profile did not give."""
    done = start("--bind", PROBE, "--hostname", "same", "--rlimit", "nofile=64:128", "--env", "GIVEN=1", "--", PROBE)
    document = json.loads(succeeds(done, f"{name}: the probe"))
    status = document["status"]
    equal({status[key] for key in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}, {"0" * 16}, f"{name}: capabilities")
    equal((status["NoNewPrivs"], status["Seccomp"], document["securebits"]), ("1", "2", 1 | 2 | 4 | 8 | 32 | 64 | 128), f"{name}: no new privileges, filter, securebits")
    equal((document["uid"], document["uid_map"][0].split()[0::2]), ([int(uid)] * 3, [uid, "1"]), f"{name}: ids")
    equal((document["hostname"], document["limits"]["nofile"], document["umask"], document["cwd"]), ("same", [64, 128], 0o022, home), f"{name}: what was asked")
    equal((document["parent_death_signal"], document["sid"], sorted(document["fds"])[:3], document["interfaces"]), (9, document["pid"], ["0", "1", "2"], ["lo"]), f"{name}: process")
    check("GIVEN=1" in document["env"] and not any(word.startswith(("SUDO", "TEST_")) for word in document["env"]), f"{name}: {document['env']}")
    check(set(document["processes"].values()) <= {"sandbox-helper", "probe", "memfd:helper", "exe", "3"} or len(document["processes"]) == 2, f"{name}: processes {document['processes']}")
    mine = {kind: os.readlink(f"/proc/self/ns/{kind}") for kind in document["namespaces"]}
    equal([kind for kind in mine if mine[kind] == document["namespaces"][kind] and kind != "time"], [], f"{name}: namespaces of the host")
    mounts = mounts_of(document)
    for target, (flags, kind, supers, fields) in mounts.items():
        check("nosuid" in flags, f"{name}: {target} is {flags}")
        check("nodev" in flags or target == "/dev/pts" or kind == "devtmpfs" or target.startswith("/dev/") or target in ("/proc/keys", "/proc/interrupts") or target.startswith("/proc/"), f"{name}: {target} is {flags}")
        check(not any(field.startswith("shared:") for field in fields), f"{name}: {target} propagates")
    for target in ("/", "/usr", "/dev", "/proc/sys"):
        check("ro" in mounts[target][0], f"{name}: {target} is {mounts[target][0]}")


def behaves(name, start, uid, home):
    """Its files, its devices, its errors, its end."""
    secret = f"{home}/.ssh/canary"
    done = start("--bind", f"{home}/granted:rw", "--bind", f"{home}/shown", "--", "/bin/sh", "-c",
                 f"cat {secret} 2>/dev/null && echo the secret; ls -A {home} | sort | tr '\\n' ' '; echo x >{home}/granted/file && echo written; (echo x >{home}/shown/file) 2>/dev/null || echo read-only; "
                 "(echo x >/usr/file) 2>/dev/null || echo read-only; echo swallowed >/dev/null; head -c 2 /dev/zero | wc -c; stat -c %F,%t,%T /dev/null; ls -A /dev/shm /dev/mqueue | wc -l; "
                 "readlink /dev/ptmx /dev/fd; cat /proc/1/comm >/dev/null && echo init; test -s /proc/kcore 2>/dev/null || echo masked; (unshare -U true) 2>/dev/null || echo no namespaces; exit 7")
    equal((done.returncode, done.stdout.splitlines(), done.stderr),
          (7, ["granted shown written", "read-only", "read-only", "2", "character special file,1,3", "3", "pts/ptmx", "/proc/self/fd", "init", "masked", "no namespaces"], ""), f"{name}: files and devices")
    equal(open(f"{home}/granted/file").read(), "x\n", f"{name}: what was written")
    os.unlink(f"{home}/granted/file")
    equal(start("--", "/bin/sh", "-c", "kill -TERM $$").returncode, 128 + 15, f"{name}: a signal")
    one_error(start("--", "/no/such/program"), 127, "/no/such/program")
    one_error(start("--bind", "/no/such/folder", "--", "/bin/true"), 125, "/no/such/folder")
    # A folder as root, read-only and read-write; memory as home; the loopback.
    done = start("--set", f"root.source={home}/root", "--", "/bin/sh", "-c", "cat /etc/issue; echo x 2>/dev/null >/data/y || echo read-only")
    equal((done.stdout, done.returncode), ("a root of its own\nread-only\n", 0), f"{name}: a root of its own {done.stderr}")
    done = start("--set", f"root.source={home}/root", "--set", "root.readonly=false", "--", "/bin/sh", "-c", "echo x >/data/y && cat /data/y; rm /data/y")
    equal((done.stdout, done.returncode), ("x\n", 0), f"{name}: and written {done.stderr}")
    done = start("--net", "loopback", "--set", "process.seccomp.base=desktop", "--", "/usr/bin/python3", "-c", "import socket\na = socket.create_server(('127.0.0.1', 0))\nsocket.create_connection(a.getsockname(), 2)\nprint('loopback')")
    equal(done.stdout, "loopback\n", f"{name}: the loopback {done.stderr}")
    done = start("--tty", "--", "/bin/sh", "-c", "tty; test -c /dev/console && echo console; echo >/dev/tty && echo own")
    equal([line.strip() for line in done.stdout.splitlines() if line.strip()][1:], ["console", "own"], f"{name}: a terminal {done.stdout!r} {done.stderr}")


for name, before, uid, home in environments:
    for folder in ("granted", "shown", "root"):
        shutil.rmtree(f"{home}/{folder}", ignore_errors=True)
    for folder in ("granted", "shown"):
        os.makedirs(f"{home}/{folder}")
    os.makedirs(f"{home}/.ssh", exist_ok=True)
    if home == root_home:
        with open(f"{home}/.ssh/canary", "w") as file:
            file.write("a secret of root\n")
    busybox_root(f"{home}/root")
    if home == HOME:
        subprocess.run(["chown", "-R", own, f"{home}/granted", f"{home}/shown", f"{home}/root"], check=True)

    def start(*words):
        return run(*start.command, *words, timeout=30)
    start.command = [*before, SANDBOX, "run", "--profile", "minimal"]
    confined(name, start, uid, home)
    behaves(name, start, uid, home)
