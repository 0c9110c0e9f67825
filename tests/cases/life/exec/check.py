"""exec: a further process in the same namespaces, under the same confinement, with its own status and streams."""
from life.helpers import *

SAME = ("NoNewPrivs", "Seccomp", "Seccomp_filters", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "Uid", "Gid")
with running("host-of-guests", "/bin/sh", "-c", "sleep 60", options=["--bind", PROBE, "--env", "GIVEN=1"]):
    own = probe()
    with open(os.path.join(RECORDS, "host-of-guests/plan"), "rb") as file:
        planned = file.read()
    done = verb("exec", "host-of-guests", "--", PROBE)
    guest = json.loads(succeeds(done, "the probe as a guest"))
    for field in SAME:
        equal(guest["status"][field], own["status"][field], f"{field} of a guest and of an app")
    first = json.loads(succeeds(verb("exec", "host-of-guests", PROBE), "without --"))
    equal(first["namespaces"], guest["namespaces"], "the namespaces of two guests")
    check(all(guest["namespaces"][kind] != os.readlink(f"/proc/self/ns/{kind}") for kind in ("user", "mnt", "pid", "ipc", "uts", "net")), "a guest is in a namespace of the host")
    out = succeeds(verb("exec", "host-of-guests", "--", "/bin/sh", "-c", "for f in /proc/[0-9]*; do cat $f/comm; done; readlink /proc/1/exe; echo $GIVEN"), "the guest's view")
    check("sleep" in out.split(), f"a guest does not see the app: {out!r}")
    check(out.splitlines()[-1] == "1", f"the app's environment: {out!r}")
    for status in (0, 1, 126, 255):
        equal(verb("exec", "host-of-guests", "--", "/bin/sh", "-c", f"exit {status}").returncode, status, "the guest's status")
    equal(verb("exec", "host-of-guests", "--", "/bin/sh", "-c", "kill -TERM $$").returncode, 143, "the guest's signal")
    one_error(verb("exec", "host-of-guests", "--", "/no/such"), 127, "/no/such")
    equal(verb("exec", "--cwd", "/usr", "--env", "A=b", "--unsetenv", "GIVEN", "host-of-guests", "--", "/bin/sh", "-c", "pwd; echo $A; echo ${GIVEN-none}").stdout, "/usr\nb\nnone\n", "the options")
    equal(verb("exec", "host-of-guests", "--", "/bin/cat", stdin=None, input="through\n").stdout, "through\n", "the streams")
    # What the app may not reach, a guest may not reach either.
    done = verb("exec", "host-of-guests", "--", "/bin/sh", "-c", "cat ~/.ssh/canary; touch /usr/x; unshare -U true; mount -t tmpfs x /tmp")
    check("canary" not in done.stdout, f"a guest read the canary: {done.stdout!r}")
    for refusal in ("canary: No such file", "Read-only file system", "unshare failed: Operation not permitted", "mount: "):
        check(refusal in done.stderr, f"a guest was not refused {refusal!r}: {done.stderr!r}")
    with open(os.path.join(RECORDS, "host-of-guests/plan"), "rb") as file:
        check(file.read() == planned, "guests changed the Plan of the app")
    one_error(verb("exec", "host-of-guests"), 2, "no command")
    one_error(verb("exec"), 2, "no instance")
    # A guest ends with its sandbox.
    guest = subprocess.Popen([SANDBOX, "exec", "host-of-guests", "--", "/bin/sleep", "60"])
    wait_until("the guest", lambda: verb("exec", "host-of-guests", "--", "/bin/sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '").stdout.count("sleep 60") >= 2)
    succeeds(verb("kill", "--signal", "KILL", "host-of-guests"), "kill")
    check(guest.wait(10) in (137, 125), f"the guest's status with its sandbox gone: {guest.returncode}")
no_survivors()
one_error(verb("exec", "host-of-guests", "--", "/bin/true"), 125, "host-of-guests")
