"""A44 (CVE-2019-7303): a filter that compares more bits than the kernel takes, or that knows the native system calls alone."""
from attack import *

ways()
canary = Canary()
through = probe_without("seccomp", 44)
control({"call:getpid (x86)", "call:modify_ldt (native)", "call:personality (native)", "call:personality with bit 32 (native)"} <= set(through), f"without the filter: {through}")
held_every_way(44)
held_every_way(44, profile="shell")
# Families of sockets, and what asks for namespaces, with each bit above the 32 that count.
WIDE = r'''
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
got = []
for bit in range(32, 64):
    for number, arguments in ((41, (17 | 1 << bit, 3, 0)), (41, (38 | 1 << bit, 5, 0)), (56, (0x10000000 | 17 | 1 << bit, 0, 0, 0, 0)), (272, (0x10000000 | 1 << bit,)), (135, (0x40000 | 1 << bit,)),
                              (133, (0, 0o060600 | 1 << bit, 0x801))):
        words = [ctypes.c_ulong(one) for one in arguments]
        if number == 133: words[0] = ctypes.c_char_p(b"/tmp/node")
        if libc.syscall(ctypes.c_long(number), *words) >= 0: got.append((number, bit))
print(got)
'''
for profile_name in ("minimal", "shell"):
    done = run(*as_test_user(SANDBOX, "run", "--profile", profile_name, "--", PYTHON, "-c", WIDE))
    equal(done.stdout, "[]\n", f"under {profile_name} ({done.stderr})")
done = run(*as_test_user(SANDBOX, "run", "--profile", profile('[process.seccomp]\nbase = "none"\n'), "--", PYTHON, "-c", WIDE))
control(done.stdout not in ("[]\n", ""), f"without the filter: {done}")
canary.unchanged("after all")
