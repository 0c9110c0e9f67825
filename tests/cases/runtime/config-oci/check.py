"""The exported config.json of the demo profile holds inside the sandbox, by a checker that knows the specification alone; crun and runc run the bundle, and the same checker agrees."""
from runtime.helpers import *

check(os.getuid() == 0, "this case wants root")
shutil.copy(os.path.join(os.environ["CASE"], "checker.py"), f"{HOME}/checker.py")
for name in ("config.json", "facts.json"):
    open(f"{HOME}/{name}", "w").close()
subprocess.run(["chown", "-R", os.environ["TEST_UID"], HOME], check=True)
grants = [word for name in ("checker.py", "config.json", "facts.json") for word in ("--bind", f"{HOME}/{name}")]
command = ["--profile", "org.sandbox.demo", "--", "/usr/bin/python3", f"{HOME}/checker.py", f"{HOME}/config.json", f"{HOME}/facts.json"]


def user(*words, **keywords):
    return run(*as_test_user(*words), **keywords)


def fill(config):
    """In place: the files are bound, and what is bound is compared."""
    outside = {name: os.readlink(f"/proc/self/ns/{name}") for name in ("user", "mnt", "pid", "ipc", "uts", "cgroup", "net", "time")}
    sources = {}
    for mount in config["mounts"]:
        if "bind" in mount["options"] or "rbind" in mount["options"]:
            status = os.stat(mount["source"])
            sources[mount["destination"]] = [status.st_dev, status.st_ino]
    for name, content in (("config.json", config), ("facts.json", {"namespaces": outside, "sources": sources})):
        with open(f"{HOME}/{name}", "w") as file:
            json.dump(content, file)


def verdict(done, what):
    lines = succeeds(done, what).splitlines()
    check(lines[-1].isdigit() and int(lines[-1]) > 150, f"{what}: only {lines[-1:]} things were looked at")
    return lines[:-1]


def exported(*options):
    done = user(SANDBOX, "config", "--oci", *grants, *options, *command)
    config = json.loads(succeeds(done, "config --oci"))
    check(all(line.startswith("sandbox: warning: ") for line in done.stderr.splitlines()), f"stderr: {done.stderr}")
    check("Landlock" in done.stderr and "--bundle" in done.stderr, f"what is left behind: {done.stderr}")
    return config


config = exported()
fill(config)
equal(verdict(user(SANDBOX, "run", *grants, *command), "the checker"), [], "the configuration against the sandbox")
# It sees: each of these makes another configuration, which does not hold.
for change, needle in ((lambda c: c["process"]["env"].append("MORE=1"), "process.env"), (lambda c: c["mounts"][0]["options"].remove("ro") or c["mounts"][0]["options"].remove("rro"), "/usr"),
                       (lambda c: c["linux"]["maskedPaths"].append("/proc/version"), "/proc/version"), (lambda c: c["linux"]["readonlyPaths"].append("/tmp"), "/tmp"),
                       (lambda c: c["process"]["capabilities"]["effective"].append("CAP_KILL"), "effective"), (lambda c: c["process"]["rlimits"][0].update(hard=7), "RLIMIT_CORE"),
                       (lambda c: c.update(hostname="other"), "hostname"), (lambda c: c["linux"]["namespaces"].pop(3), "namespace"), (lambda c: c["mounts"].pop(0), "does not say so"),
                       (lambda c: c["linux"]["uidMappings"][0].update(hostID=7), "uidMappings"), (lambda c: c["linux"]["seccomp"].update(defaultErrnoRet=7), "the error of")):
    other = json.loads(json.dumps(config))
    change(other)
    fill(other)
    faults = verdict(user(SANDBOX, "run", *grants, *command), "the checker")
    check(any(needle in fault for fault in faults), f"the checker does not see {needle}: {faults}")
# Other words: each comes out as it went in.
options = ["--net", "loopback", "--hostname", "other", "--rlimit", "nofile=64:128", "--rlimit", "cpu=100:200", "--cap-add", "CAP_NET_RAW", "--cwd", "/usr/share", "--user", "7:8",
           "--set", 'sysctl={"net.ipv4.ip_default_ttl" = 77}', "--set", 'process.umask="027"', "--set", 'mount=[{type="tmpfs", target="/opt/x", size="3M", mode="0711"}]',
           "--set", 'namespaces.time="new"', "--set", 'process.seccomp.deny=["@ipc"]']
fill(exported(*options))
equal(verdict(user(SANDBOX, "run", *grants, *options, *command), "the checker"), [], "other words")

# Runtimes of others take the bundle: as the user, with a cgroup2 to look at, whatever this machine has.
ids = ["--user", "0:0", "--net", "loopback"]
for name, options in (("crun", ["--cgroup-manager=disabled"]), ("runc", ["--rootless=true"])):
    bundle = f"{HOME}/bundle-{name}"  # each its own: a runtime makes mount points in it, and runc gives a tmpfs the mode of its mount point
    done = user(SANDBOX, "config", "--bundle", bundle, *grants, *ids, *command)
    equal((succeeds(done, "config --bundle"), "--bundle" in done.stderr), ("", False), f"a bundle says nothing on stdout, and has the links: {done.stderr}")
    with open(f"{bundle}/config.json") as file:
        fill(json.load(file))
    equal((os.readlink(f"{bundle}/rootfs/bin"), sorted(os.listdir(bundle))), ("usr/bin", ["config.json", "rootfs"]), "the bundle")
    one_error(user(SANDBOX, "config", "--bundle", bundle, "org.sandbox.demo"), 125, "bundle")
    ask = shelled(*as_test_user("env", "PATH=/usr/bin:/usr/sbin:/bin:/sbin", name, *options, "run", "--bundle", bundle, f"sandbox-case-{os.getpid()}"))
    done = run("unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", f"mount -t cgroup2 none /sys/fs/cgroup; exec {ask}")
    equal(verdict(done, name), [], f"the same configuration under {name}: {done.stderr}")
