"""cpu.max holds: what is limited to a fifth of a processor uses a fraction of what its unlimited twin uses meanwhile."""
from manager import *

LOOP = "while :; do :; done"
with running("free", "/bin/sh", "-c", LOOP), running("held", "/bin/sh", "-c", LOOP, options=["--cpus", "0.2"]):
    used = lambda name: json.loads(verb("stats", "--json", name).stdout)["cpu.stat"]
    before = {name: used(name) for name in ("free", "held")}
    began = time.monotonic()
    time.sleep(5)
    after = {name: used(name) for name in ("free", "held")}
    passed = (time.monotonic() - began) * 1e6
    spent = {name: after[name]["usage_usec"] - before[name]["usage_usec"] for name in before}
    check(spent["held"] <= 0.3 * passed, f"the limited one: {spent['held']} of {passed:.0f} us")
    check(spent["free"] >= 2 * spent["held"], f"the twin without a limit: {spent}")
    check(after["held"]["nr_throttled"] > before["held"]["nr_throttled"], f"held back: {before['held']} and {after['held']}")
    check("limit 20% of a processor" in verb("stats", "held").stdout, verb("stats", "held").stdout)
    # Changed while it runs.
    equal(succeeds(verb("update", "--cpus", "0.6", "held"), "update"), "cpu.max 60000 100000\n", "what is in force")
    before, began = used("held"), time.monotonic()
    time.sleep(5)
    passed = (time.monotonic() - began) * 1e6
    more = used("held")["usage_usec"] - before["usage_usec"]
    check(more > 1.5 * spent["held"] and more < 0.75 * passed, f"after the update: {more} of {passed:.0f} us, before: {spent['held']}")
    for name in ("free", "held"):
        succeeds(verb("kill", "--all", name), "kill")
nothing_left()
