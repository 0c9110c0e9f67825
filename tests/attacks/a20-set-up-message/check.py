"""A20 (CVE-2021-43784): the message that carries the set-up is cut off, overlong, or holds more than it seems to."""
from attack import *

canary = Canary()
HELPER = os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "libexec/sandbox/sandbox-helper")
with running("recorded", "/bin/sleep", "60"):
    with open(f"{RUNTIME}/sandbox/recorded/plan", "rb") as file:
        plan = file.read()
plan = plan.replace(b"/bin/sleep", b"/bin/touch").replace(b"\x02\0\0\0\0\0\0\x0060", b"\x02\0\0\0\0\0\0\x0060")
EVERY_SEAL = 0xf
MARK = f"{HOME}/ran"


def start(message, seals=EVERY_SEAL):
    memory = os.memfd_create("plan", os.MFD_ALLOW_SEALING)
    os.write(memory, message)
    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, seals) if seals else None
    try:
        return run(HELPER, str(memory), pass_fds=[memory], timeout=10)
    finally:
        os.close(memory)


# The control: the whole message, taken from the record of a sandbox that ran, starts the app again.
done = start(plan)
control(done.returncode in (0, 1) and "sandbox:" not in done.stderr, f"the whole message: {done}")


def held(message, what, seals=EVERY_SEAL):
    done = start(message, seals)
    check(done.returncode in (2, 125, 126, 127), f"{what}: status {done.returncode} {done.stderr!r}")
    check(done.stderr.startswith("sandbox: ") and done.stderr.count("\n") == 1, f"{what}: {done.stderr!r}")
    return done


for length in [*range(0, 64), *range(64, len(plan), max(1, len(plan) // 60)), len(plan) - 1]:
    held(plan[:length], f"the first {length} bytes")
for extra in (b"\0", b"x" * 70_000, plan):
    held(plan + extra, f"{len(extra)} bytes more")
for seals in (0, 0x7, 0xe & ~0x8):
    held(plan, f"seals {seals:#x}", seals)
# Lengths that wrap, a field of 70 KB where a name belongs, a NUL in the middle, an id twice.
at = plan.index(b"/bin/touch") - 8
for value in (0xffffffffffffffff, 0x7fffffffffffffff, 0x100000000, 0xffff, 70_000):
    held(plan[:at] + struct.pack("<Q", value) + plan[at + 8:], f"a length of {value:#x}")
held(plan.replace(b"recorded", b"recor\0ed"), "a NUL in the id")
held(plan.replace(b"recorded", b"../../ed"), "a path as id")
held(plan.replace(b"/bin/touch", b"/bin\0touch"), "a NUL in the command") if plan.count(b"/bin/touch") else None
seen = 0
for offset in range(0, len(plan), max(1, len(plan) // 150)):
    done = start(plan[:offset] + bytes([plan[offset] ^ 0xff]) + plan[offset + 1:])
    check(done.returncode >= 0 and done.stderr.count("\n") <= 2, f"byte {offset} turned: {done}")
    seen += done.returncode != 0
check(seen > 20, f"only {seen} changes were noticed")
canary.unchanged("after all")
