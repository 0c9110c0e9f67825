"""A20 (CVE-2021-43784): the message that carries the set-up is cut off, overlong, or holds more than it seems to."""
from attack import *

canary = Canary()
HELPER = os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "libexec/sandbox/sandbox-helper")
with running("recorded", "/bin/sleep", "60"):
    with open(f"{RUNTIME}/sandbox/recorded/plan", "rb") as file:
        plan = file.read()
plan = plan.replace(b"/bin/sleep", b"/bin/touch")
EVERY_SEAL = 0xf
MARK = f"{HOME}/ran"


def start(message, seals=EVERY_SEAL, helper=HELPER, **keywords):
    memory = os.memfd_create("plan", os.MFD_ALLOW_SEALING)
    os.write(memory, message)
    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, seals) if seals else None
    try:
        return run(helper, str(memory), pass_fds=[memory], timeout=10, **keywords)
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
at = plan.index(b"/bin/touch") - 4
equal(struct.unpack("<I", plan[at:at + 4]), (10,), "the length of the command")
for value in (0xffffffff, 0x7fffffff, 0x80000000, 0xffff, 70_000, 9, 11, 0):
    held(plan[:at] + struct.pack("<I", value) + plan[at + 4:], f"a length of {value:#x}")
for value in (0, 0xffffffffffffffff, 1 << 63, 1 << 32, len(plan), len(plan) - 15, len(plan) - 17):
    held(plan[:8] + struct.pack("<Q", value) + plan[16:], f"a length of {value:#x} for all")
name = struct.pack("<I", 8) + b"recorded"
for size in (0, 70_000):
    longer = plan.replace(name, struct.pack("<I", size) + b"r" * size)
    held(longer[:8] + struct.pack("<Q", len(longer) - 16) + longer[16:], f"a name of {size} letters")
held(plan.replace(b"recorded", b"recor\0ed"), "a NUL in the id")
held(plan.replace(b"recorded", b"../../ed"), "a path as id")
# The control: our helper that takes any message. What the decoder does with lengths cannot be taken away: it is how it reads.
without = os.path.join(os.path.dirname(os.path.dirname(UNDEFENDED)), "libexec/sandbox/sandbox-helper")
folder = f"{HOME}/.undefended"
os.makedirs(folder)
for defence, message, seals in (("sealed", plan, 0), ("checked", plan.replace(b"recorded", b"../../ed"), EVERY_SEAL), ("checked", plan.replace(b"recorded", b"recor\0ed"), EVERY_SEAL)):
    with open(f"{folder}/defences-off", "w") as file:
        file.write(defence)
    done = start(message, seals, without, cwd=folder)
    control(done.returncode in (0, 1) and "sandbox:" not in done.stderr, f"less {defence}: {done}")
held(plan.replace(b"/bin/touch", b"/bin\0touch"), "a NUL in the command") if plan.count(b"/bin/touch") else None
seen = 0
for offset in range(0, len(plan), max(1, len(plan) // 150)):
    done = start(plan[:offset] + bytes([plan[offset] ^ 0xff]) + plan[offset + 1:])
    check(done.returncode >= 0 and done.stderr.count("\n") <= 2, f"byte {offset} turned: {done}")
    seen += done.returncode != 0
check(seen > 20, f"only {seen} changes were noticed")
canary.unchanged("after all")
