"""What a sanitized program of ours does wrong ends it, and is told on its stderr and to the runner."""
from support import *

REPORTS = f"/run/sandbox-sanitized/{os.getuid()}"
FAULTY = os.environ["FAULTY"]


def told():
    with open(REPORTS, "rb") as file:
        content = file.read()
    return content[4:4 + int.from_bytes(content[:4], "little")].decode()


check(told() == "", f"something was told before: {told()}")
equal(run(FAULTY, "nothing").returncode, 0, "no mistake")
equal(told(), "", "no mistake")
for kind, word in (("freed", "heap-use-after-free"), ("overflow", "signed integer overflow"), ("leak", "detected memory leaks")):
    before = told()
    done = run(FAULTY, kind)
    equal(done.returncode, 99, f"{kind}: {done.stderr}")
    check(word in done.stderr, f"{kind}: {done.stderr}")
    check(told().count("a process was ended by a sanitizer") == before.count("a process was ended by a sanitizer") + 1, f"{kind} was not told: {told()}")
with open(REPORTS, "r+b") as file:  # they were meant
    file.write(bytes(4))
