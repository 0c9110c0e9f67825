"""A16 (CVE-2019-14271): the set-up, standing in the new root, loads libraries, name services or programs of that root."""
from attack import *

canary = Canary()
root = busybox_root(f"{HOME}/root")
BAIT = ("etc/nsswitch.conf", "etc/ld.so.preload", "etc/ld.so.cache", "etc/gai.conf", "etc/locale.alias", "lib/x86_64-linux-gnu/libnss_files.so.2", "lib/libnss_evil.so.2",
        "usr/lib/locale/locale-archive", "usr/lib/x86_64-linux-gnu/gconv/gconv-modules")
for name in BAIT:
    os.makedirs(os.path.dirname(f"{root}/{name}"), exist_ok=True)
    with open(f"{root}/{name}", "w") as file:
        file.write("passwd: evil\ngroup: evil\n")
OPENS = re.compile(r'\b(open|openat|openat2|execve|execveat|stat|newfstatat|access|faccessat2?|readlink)\((?:[^"]*)"([^"]*)"')


def opened(log):
    with open(log, errors="replace") as file:
        return [(line.split()[0], match[1], match[2]) for line in file for match in OPENS.finditer(line)]


# The control: chroot(1) asks name services about a user once it stands in the root.
if WAY == "user":
    log = f"{HOME}/control.log"
    run("strace", "-f", "-o", log, "unshare", "--user", "--map-root-user", "/usr/sbin/chroot", "--userspec=nobody", root, "/bin/true")
    after = opened(log)
    control(any(path.endswith(("/etc/nsswitch.conf", "/etc/passwd")) for _, _, path in after[next(n for n, one in enumerate(after) if "chroot" in one[2]):]), f"chroot asked for nothing: {after[-10:]}")

for options, text in (((), f'[root]\nsource = "{root}"\n'), (("--tty",), f'[root]\nsource = "{root}"\nreadonly = false\n'), (("--user", "0:0"), f'[root]\nsource = "{root}"\n')):
    log = f"{HOME}/ours.log"
    done = run("strace", "-f", "-o", log, SANDBOX, "run", "--profile", profile(text), *options, "--", "/bin/true", timeout=30)
    equal(done.returncode, 0, f"a start: {done.stderr}")
    with open(log, errors="replace") as file:
        lines = file.read().splitlines()
    pivot = next(number for number, line in enumerate(lines) if "pivot_root(" in line)
    app = next(number for number, line in enumerate(lines) if number > pivot and "execve(" in line and '"/bin/true"' in line)
    seen = [(match[1], match[2]) for line in lines[pivot:] for match in OPENS.finditer(line)]
    # Landlock's rules name their places by descriptors that read nothing, and no link is followed to them.
    place = re.compile(r"\bopenat2\(.*O_PATH.*RESOLVE_NO_SYMLINKS")
    ours = [(match[1], match[2]) for line in lines[pivot:app + 1] if not place.search(line) for match in OPENS.finditer(line)]
    allowed = {"/dev/console", "/dev/null", "/dev/pts", "/bin/true", "/", "", "/dev/tty"}
    record = re.compile(r"\.?(state|plan|state\.json|control)$|/proc/self/fd/|\.\.|/proc/\d+/stat$|/proc/\d+/status$|\d+/ns/net$|/proc$|fdinfo")
    foreign = [one for one in ours if one[1] not in allowed and not record.search(one[1])]
    equal(foreign, [], "what was looked up after the pivot")
    equal(len([one for one in seen if one[0] in ("execve", "execveat")]), 1, "programs run after the pivot")
    check(not any(path.lstrip("/") in BAIT for _, path in ours), f"bait was taken: {ours}")
# A guest looks nothing up by name once it has joined, but for its command. Its tracer must be allowed to read its memory, which a
# tracer of the same rights is not.
if WAY != "user":
    with running("baited", "/bin/sleep", "60", profile=profile(f'[root]\nsource = "{root}"\n')):
        log = f"{HOME}/guest.log"
        done = run("strace", "-f", "-o", log, SANDBOX, "exec", "--cwd", "/", "baited", "--", "/bin/true", timeout=30)
        equal(done.returncode, 0, f"a guest: {done.stderr}")
        with open(log, errors="replace") as file:
            lines = file.read().splitlines()
        joined = max(number for number, line in enumerate(lines) if "setns(" in line)
        app = next(number for number, line in enumerate(lines) if number > joined and "execve(" in line and '"/bin/true"' in line)
        looked = [match[2] for line in lines[joined:app + 1] if not place.search(line) for match in OPENS.finditer(line)]
        check("/bin/true" in looked, f"the guest's log: {lines[joined:app + 1]}")
        equal([path for path in looked if path not in allowed and not record.search(path)], [], "what a guest looks up once it has joined")
canary.unchanged("after all")
