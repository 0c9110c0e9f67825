"""Landlock behind the mounts: where the mounts forbid no writing, it still does; what was handed over for reading stays so; programs run from where they may alone."""
from attack import *

canary = Canary()
plan = json.loads(succeeds(run(SANDBOX, "explain", "--json", "--profile", "minimal", "--", "/bin/true"), "explain"))
landlock = plan["security"]["landlock"]
check(landlock["handled"] != 0, f"this kernel has no Landlock for files: the case shows nothing here")

# The mounts' own wall is taken away: what is granted for reading is mounted as the host has it, writable.
write = "import os, sys\n" \
    "for name, act in (('open', lambda p: open(p + '/secret', 'a').write('more')), ('create', lambda p: open(p + '/new', 'w')), ('truncate', lambda p: os.truncate(p + '/secret', 0)),\n" \
    "                  ('unlink', lambda p: os.unlink(p + '/twin')), ('rename', lambda p: os.rename(p + '/link', p + '/other')), ('mkdir', lambda p: os.mkdir(p + '/folder')),\n" \
    "                  ('link', lambda p: os.link(p + '/secret', p + '/third')), ('symlink', lambda p: os.symlink('x', p + '/soft')), ('mkfifo', lambda p: os.mkfifo(p + '/pipe')),\n" \
    "                  ('rmdir', lambda p: os.rmdir(p + '/shm'))):\n" \
    " try:\n  act(sys.argv[1]); print(name, 'done')\n" \
    " except OSError as e: print(name, e.errno)\n" \
    "print(open(sys.argv[1] + '/secret').read(), end='')\n"
names = "open create truncate unlink rename mkdir link symlink mkfifo rmdir".split()
off = ["--set", "process.landlock=false"]
grant = ["--bind", f"{canary.folder}:/data"]  # not below the home: rights add up along a path, and a home is written
done = undefended("read-only", PYTHON, "-c", write, "/data", options=[*grant, *off])
control(all(f"{name} done" in done.stdout for name in names), f"without both walls everything is written: {done}")
canary.renew()
done = undefended("read-only", PYTHON, "-c", write, "/data", options=grant)
for name in names:
    check(any(line in (f"{name} {errno.EACCES}", f"{name} {errno.EXDEV}") for line in done.stdout.splitlines()), f"{name}: {done}")
check(done.stdout.endswith(SECRET), f"what is granted is read: {done}")
canary.unchanged("Landlock alone")
# One rule stands for a folder of mounts, and lends to none what another may.
canary.renew()
beside = ["--bind", f"{canary.folder}:/shown/data", "--bind", "/usr/share:/shown/share", "--bind", f"{HOME}/Downloads:/shown/written:rw"]
rules = json.loads(succeeds(run(SANDBOX, "explain", "--json", "--profile", "minimal", *beside, "--", "/bin/true"), "explain"))["security"]["landlock"]["rules"]
equal([rule["path"] for rule in rules if "/shown" in rule["path"]], ["/shown", "/shown/written"], "rules of a folder of mounts")
done = undefended("read-only", PYTHON, "-c", write, "/shown/data", options=beside)
for name in names:
    check(any(line in (f"{name} {errno.EACCES}", f"{name} {errno.EXDEV}") for line in done.stdout.splitlines()), f"{name} below a rule of the folder: {done}")
check(done.stdout.endswith(SECRET), f"what is granted beside others is read: {done}")
canary.unchanged("Landlock alone, by a rule of the folder")
# A grant for writing is one with both walls, renames between its folders included.
done = undefended("read-only", "/bin/sh", "-c", "cd $0 && mkdir -p a b && echo x >a/file && mv a/file b/other && ln b/other a/link && rm -r a b && echo all", f"{HOME}/Downloads", options=["--bind", f"{HOME}/Downloads:rw"])
equal(done.stdout, "all\n", f"a writable grant: {done}")

# What comes open for reading is not opened for writing, though the user might (the mounts have no word in it).
reopen = "import os\n" \
    "for number in (0, 3):\n" \
    " for flags in (os.O_RDONLY, os.O_WRONLY, os.O_RDWR):\n" \
    "  try:\n   os.close(os.open(f'/proc/self/fd/{number}', flags)); print('opened')\n" \
    "  except OSError as e: print(e.errno)\n"
target = f"{canary.folder}/secret"
for options, wanted in ((off, ["opened"] * 6), ([], ["opened", str(errno.EACCES), str(errno.EACCES)] * 2)):
    with open(target) as stdin, open(target) as third:
        descriptor = os.dup2(third.fileno(), 3) if third.fileno() != 3 else 3
        done = run(*MINIMAL, *options, "--preserve-fds", "1", "--", PYTHON, "-c", reopen, stdin=stdin, pass_fds=[3])
        lines = done.stdout.splitlines()
        if options:
            control(lines == wanted, f"without Landlock it is opened for writing: {done}")
        else:
            equal(lines, wanted, f"opened anew: {done}")
canary.unchanged("what came for reading")
# As it was given: scripts write to /dev/stdout and /dev/stderr.
with open(f"{HOME}/log", "w") as log:
    done = run(*MINIMAL, "--", "/bin/sh", "-c", "echo one >/dev/stdout; echo two >/dev/stderr; echo three >/proc/self/fd/1", stdout=log, stderr=log)
with open(f"{HOME}/log") as log:
    check(done.returncode == 0 and "three" in log.read(), f"a file as output: {done}")

# Programs: where a mount denies them (the mounts' noexec stands too), and nowhere else.
says(with_profile("", "/bin/sh", "-c", "cp /bin/echo /tmp/echo && /tmp/echo ran; cp /bin/echo /dev/shm/echo && /dev/shm/echo ran 2>/dev/null || echo denied"), "ran\ndenied\n", "programs", stderr=None)
# With user namespaces of its own the app may mount in them, which no domain with files may: there the mounts stand alone.
plan = json.loads(succeeds(run(SANDBOX, "explain", "--json", "--set", "process.userns=true", "--profile", "minimal", "--", "/bin/true"), "explain"))
equal((plan["security"]["landlock"]["handled"], plan["security"]["landlock"]["rules"]), (0, []) if os.getuid() else (landlock["handled"], landlock["rules"]), "with nested user namespaces")
