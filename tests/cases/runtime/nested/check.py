"""Inside bubblewrap and inside a user namespace the sandbox starts as ever; inside itself it does where the outer one allows it, and else says why not."""
from runtime.helpers import *

RUNTIME = os.environ["XDG_RUNTIME_DIR"]
inner = [SANDBOX, "run", "--profile", "minimal", "--", "/bin/echo", "inner"]
prefix = os.path.dirname(os.path.dirname(SANDBOX))
for options in (["--bind", "/", "/", "--dev", "/dev", "--proc", "/proc"], ["--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--proc", "/proc", "--unshare-all"],
                ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--bind", HOME, HOME, "--bind", RUNTIME, RUNTIME, "--unshare-user", "--uid", "77", "--gid", "78"]):
    says(run("bwrap", *options, *inner), "inner\n", f"inside bwrap {' '.join(options)}")
says(run("unshare", "--user", "--map-current-user", *inner), "inner\n", "inside a user namespace")
says(run("unshare", "--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc", *inner), "inner\n", "inside a user namespace as its user 0")
done = run("bwrap", "--bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-user", "--disable-userns", *inner)
one_error(done, 125, "/proc/sys/user/max_")
# A user 0 without capabilities maps nobody, not even itself (user_namespaces(7), CAP_SETFCAP).
done = run("bwrap", "--bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-user", "--uid", "0", *inner)
one_error(done, 125, "uid_map")
done = run("bwrap", "--bind", "/", "/", "--dev", "/dev", "--unshare-pid", "--ro-bind", "/dev/null", "/proc/filesystems", *inner)
one_error(done, 125)

# Inside itself: not unless it is granted, and with one line.
head = f'[files]\n"{prefix}" = "ro"\n'
one_error(with_profile(head, *inner), 125)
one_error(with_profile(head + "[process]\nuserns = true\n", *inner), 125)
calls = "[process]\nuserns = true\n[process.seccomp]\nallow = [\"@mount\", \"@namespaces\", \"@keyring\", \"sethostname\"]\n"
done = with_profile(head + calls, *inner)
one_error(done, 125, "proc")
paths = ("acpi", "asound", "interrupts", "kcore", "keys", "latency_stats", "sched_debug", "scsi", "timer_list", "timer_stats")
readonly = ("bus", "fs", "irq", "sys", "sysrq-trigger")
unmasked = f"[mask]\npaths = {json.dumps([f'!/proc/{name}' for name in paths])}\nreadonly = {json.dumps([f'!/proc/{name}' for name in readonly])}\n"
says(with_profile(head + calls + unmasked, *inner), "inner\n", "inside itself")
done = with_profile(head + calls + unmasked, "/bin/sh", "-c", f"echo outer >/tmp/file; {shelled(*inner[:-2])} /bin/sh -c 'test -e /tmp/file || echo not the same; id -u; exit 7'; echo $?")
says(done, f"not the same\n{os.getuid()}\n7\n", "inside itself")
