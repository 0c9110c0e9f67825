"""Memcheck finds nothing in the outer half of the helper, from the sealed Plan to the clone, which Debian's valgrind does not know."""
import fcntl
import random

from life.helpers import *

PROBES, RUNTIME = os.environ["PROBES"], os.environ["XDG_RUNTIME_DIR"]
HELPER = os.path.join(PROBES, "sandbox-helper-dynamic")
MEMCHECK = ["/usr/bin/valgrind", "--quiet", "--leak-check=full", "--errors-for-leak-kinds=definite", "--error-exitcode=98"]


def start(message, record=None, under=MEMCHECK):
    memory = os.memfd_create("plan", os.MFD_ALLOW_SEALING)
    os.write(memory, message)
    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, 0xf)
    handed = [memory] + ([record] if record is not None else [])
    try:
        return run(*under, HELPER, *map(str, handed), pass_fds=handed, timeout=60)
    finally:
        os.close(memory)


# The control: without a mistake nothing is found, with one it is.
plain = os.path.join(PROBES, "faulty")
equal(run(*MEMCHECK, plain, "nothing").returncode, 0, "no mistake")
for kind, word in (("read", "uninitialised"), ("freed", "Invalid read"), ("leak", "definitely lost")):
    done = run(*MEMCHECK, plain, kind)
    equal(done.returncode, 98, f"{kind}: {done.stderr}")
    check(word in done.stderr, f"{kind}: {done.stderr}")

with running("recorded", "/bin/sleep", "60"):
    folder = f"{RUNTIME}/sandbox/recorded"
    with open(f"{folder}/plan", "rb") as file:
        plan = file.read()
    with open(f"{folder}/state", "rb") as file:
        state = file.read()
# Without valgrind the very same starts the app.
equal(start(plan.replace(b"/bin/sleep", b"/bin/false"), under=[]).returncode, 1, "the plan by itself")


def found_nothing(done, what, words):
    check(done.returncode == 125 and done.stderr.startswith("sandbox: ") and words in done.stderr, f"{what}: {done.returncode} {done.stderr}")


# Received, decoded, checked; the signals taken; the record opened, its control socket and the folder of sockets made; the end told.
found_nothing(start(plan), "a whole plan", "clone3: Function not implemented")
own = f"{HOME}/record"
os.mkdir(own)
with open(f"{own}/state", "wb") as file:
    file.write(state)
record = os.open(own, os.O_RDONLY | os.O_DIRECTORY)
found_nothing(start(plan, record), "a whole plan with a record", "clone3: Function not implemented")
os.close(record)
# Plans that are cut, and that hold other bytes, by a seed that is always the same.
turn = random.Random(1)
for length in (0, 3, 16, 40, len(plan) // 3, len(plan) - 1):
    done = start(plan[:length])
    check(done.returncode in (2, 125) and done.stderr.startswith("sandbox: "), f"the first {length} bytes: {done.returncode} {done.stderr}")
for _ in range(6):
    bytes_ = bytearray(plan)
    for _ in range(3):
        bytes_[turn.randrange(24, len(bytes_))] = turn.randrange(256)
    done = start(bytes(bytes_))
    check(done.returncode in (2, 125, 126, 127) and done.stderr.startswith("sandbox: "), f"turned bytes: {done.returncode} {done.stderr}")
