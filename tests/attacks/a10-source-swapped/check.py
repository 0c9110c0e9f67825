"""A10 (CVE-2026-34078): what is granted is looked at, then swapped for a link or another folder before it is mounted."""
from attack import *

canary = Canary()
granted = f"{HOME}/granted"
CALLS = ("openat2", "open_tree", "readlink", "move_mount", "execveat", "clone3")


def make(kind):
    for path in (granted, f"{HOME}/aside"):
        shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.path.lexists(path) and os.unlink(path)
    os.makedirs(f"{granted}/sub")
    with open(f"{granted}/sub/file", "w") as file:
        file.write("granted\n")
    os.chmod(f"{granted}/sub", 0o700)
    if kind == "link":
        os.symlink(canary.folder, f"{HOME}/aside")
    else:
        shutil.copytree(canary.folder, f"{HOME}/aside", symlinks=True, ignore=shutil.ignore_patterns("fifo"))


def start(program, *actions, kept=False, **keywords):
    """`kept`: by the plan of an earlier start, with which the sandbox is built ahead; else there is none."""
    shutil.rmtree(os.path.join(os.environ["XDG_RUNTIME_DIR"], "sandbox-plans"), ignore_errors=True)
    if kept:
        start(program)
    return traced_start(program, *actions, **keywords)


def traced_start(program, *actions, **keywords):
    return traced(program, "run", "--profile", "minimal", "--bind", f"{granted}:/data:rw", "--bind", f"{granted}/sub:/sub:rw", "--", "/bin/sh", "-c",
                  "cat /data/secret; cat /sub/er/file; echo written >/data/new; echo written >/sub/new; true", actions=actions, calls=CALLS, **keywords)


def looked_at(seen):
    return [stop["stop"] for stop in seen["stops"] if stop["process"].startswith("sandbox")]


def places(kept):
    """The launcher's stops matter from its look on; all of the helper's up to the last clone of a source."""
    make("link")
    found = looked_at(start(SANDBOX, kept=kept))
    last = max(number for number, stop in enumerate(found) if "/open_tree" in stop)
    first = next(number for number, stop in enumerate(found) if "/openat2" in stop)
    return found[first:last + 1]


stops = places(kept=False)
refusals = tried = ahead = 0
for kind, kept, stride in (("link", False, 1), ("folder", False, 3), ("link", True, 9), ("folder", True, 16)):
    for stop in (places(kept=True) if kept else stops)[::stride * (1 if WAY == "user" else 5)]:
        make(kind)
        seen = start(SANDBOX, ("--swap", stop, granted, f"{HOME}/aside"), kept=kept)
        if kept and not seen["actions"][0]["done"]:
            continue  # two processes at once: what each has yet to do is not the same each time
        check(seen["actions"][0]["done"], f"{stop} was not reached")
        canary.unchanged(f"{kind} at {stop}")
        check(kind == "folder" or SECRET not in seen["stdout"], f"{kind} at {stop}: the secret was read")
        if seen["status"] == 125:
            check(re.fullmatch(r"sandbox: [^\n]*\n", seen["stderr"]), f"{stop}: {seen['stderr']!r}")
            refusals += 1
        tried += 1
        ahead += kept
check(ahead > 3, f"only {ahead} swaps in sandboxes that are built ahead")
check(refusals > (3 if WAY == "user" else 0), f"only {refusals} of {tried} swaps were noticed")
print(f"{tried} swaps, {refusals} refused")

os.makedirs(f"{HOME}/.undefended", exist_ok=True)
with open(f"{HOME}/.undefended/defences-off", "w") as file:
    file.write("source-identity")
read = False
for stop in [stop for stop in stops if "/open_tree" in stop]:
    make("link")
    # Not the link itself: a folder above it, as open_tree follows none at the end.
    seen = traced(UNDEFENDED, "run", "--profile", "minimal", "--bind", f"{granted}/sub:/sub", "--", "/bin/cat", "/sub/secret", cwd=f"{HOME}/.undefended",
                  actions=[("--run", stop, f"mv {granted} {granted}.old; mkdir {granted}; cp -r {canary.folder} {granted}/sub")], calls=CALLS)
    shutil.rmtree(f"{granted}.old", ignore_errors=True)
    read = read or SECRET in seen["stdout"]
    if read:
        break
control(read, "no swap showed the other folder")
