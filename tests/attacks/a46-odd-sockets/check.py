"""A46 (CVE-2026-31431): families of sockets and interfaces of the kernel that write where they should not: AF_ALG, RXRPC, XFRM, io_uring, keyctl, bpf."""
from attack import *

ways()
canary = Canary()
through = probe_without("seccomp", 46)
control({"call:io_uring_setup (native)", "call:keyctl (native)", "call:userfaultfd (native)", "call:perf_event_open (native)", "socket:NETLINK_XFRM"} <= set(through), f"without the filter: {through}")
held_every_way(46)
held_every_way(46, profile="shell")
EVERY = r'''
import errno, socket
got = []
for family in range(0, 64):
    for kind in (1, 2, 3, 5):
        for protocol in (0, 6, 9, 12, 20):
            try:
                socket.socket(family, kind, protocol).close()
                got.append(family)
            except OSError: pass
print(sorted(set(got)))
'''
for how, done in every_way(PYTHON, "-c", EVERY, profile="shell"):
    equal(done.stdout, "[1, 2, 10, 16]\n", f"{how}: families of sockets ({done.stderr})")
equal(run(*as_test_user(*MINIMAL, "--", PYTHON, "-c", EVERY)).stdout, "[1]\n", "under minimal")
canary.unchanged("after all")
