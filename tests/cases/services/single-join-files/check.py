"""A further start of an app that runs shows it the file that its command line names: that file, read-only, at a path that is written
into the command; to the app that runs already, too. The app can write neither the file nor anything around it."""
import atexit
import fcntl

from services.helpers import *

APP, ONE = "org.example.Viewer", "org.example.Viewer-one"
DOCUMENTS = os.path.join(HOME, "Documents")
# With Landlock's rules on files (no user namespaces inside), and without: a browser's way.
CONFINEMENTS = {"rules on files": "", "user namespaces": "[process]\nuserns = true\n"}


def start(*words, name=APP, **keywords):
    return run(SANDBOX, "run", name, *words, **keywords)


def put(name, text):
    path = os.path.join(DOCUMENTS, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    return path


class Running:
    """The first start: a shell that does what is asked of it by a file of its home, and answers by another."""

    def __init__(self, *words, name=APP):
        self.folder = os.path.join(HOME, ".local/share/sandbox/homes", name, "talk")
        loop = put("loop.sh", 'cd ~/talk; echo 0 > answer; while :; do [ -f ask ] && { mv ask now; sh ./now > out 2>&1; mv out answer; rm now; }; sleep 0.02; done\n')
        with contextlib.suppress(FileNotFoundError):
            os.unlink(os.path.join(self.folder, "answer"))
        self.process = subprocess.Popen([SANDBOX, "run", name, loop, *words], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)
        wait_until("the app answers", lambda: os.path.exists(os.path.join(self.folder, "answer")))

    def asks(self, script):
        ask, answer = os.path.join(self.folder, "ask"), os.path.join(self.folder, "answer")
        os.unlink(answer)
        with open(ask + ".new", "w") as file:
            file.write(script + "\n")
        os.rename(ask + ".new", ask)
        wait_until(f"an answer to {script}", lambda: os.path.exists(answer))
        with open(answer) as file:
            return file.read().strip()

    def end(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def write(text, name=APP):
    profile(name, f'id = "{name}"\nsingle-instance = "join"\n' + text + '[home]\npersist = ["talk"]\n')


other = put("deep/other.txt", "the other\n")
show = put("show.sh", 'for f; do printf "%s: " "$f"; cat "$f"; done\n')
for title, text in CONFINEMENTS.items():
    write(text)
    page = put("page one.html", "the page\n")
    app = Running()
    done = start("-c", 'printf "%s: " "$1"; cat "$1"', "sh", page)
    equal((done.returncode, done.stdout, done.stderr), (0, "/run/sandbox/files/1/page one.html: the page\n", ""), f"{title}: the file of a further start")
    equal(app.asks('cat "/run/sandbox/files/1/page one.html"'), "the page", f"{title}: the app that runs sees it")
    # Only it, and all ways to name it mean the same.
    equal(app.asks(f"ls -A /run/sandbox/files /run/sandbox/files/1; ls {DOCUMENTS} | grep -v loop.sh"), "/run/sandbox/files:\n1\n\n/run/sandbox/files/1:\npage one.html", f"{title}: nothing beside it")
    words = ["-c", 'printf "%s\n" "$@"', "sh", "file://" + page.replace(" ", "%20"), f"--file={page}", "page one.html", f"--name={other}"]
    done = start(*words, cwd=DOCUMENTS)
    equal(done.stdout.splitlines(), ["file:///run/sandbox/files/1/page%20one.html", "--file=/run/sandbox/files/1/page one.html", "/run/sandbox/files/1/page one.html", "--name=/run/sandbox/files/2/other.txt"],
          f"{title}: each kind of word: {done}")
    # What was shown is on record: shown once, and known to `why`.
    check("/run/sandbox/files/1/page one.html" in start("-c", 'echo "$1"', "sh", page).stdout, "the same again")
    equal(app.asks("ls /run/sandbox/files"), "1\n2", f"{title}: two files")
    out = run(SANDBOX, "profile", "why", ONE, "/run/sandbox/files/2/other.txt").stdout
    check("granted, read-only" in out and "argument" in out, f"why: {out}")
    # Read-only, without execution; around it nothing can be made, renamed, or taken away.
    for attack in ('echo no > "/run/sandbox/files/1/page one.html"', 'rm "/run/sandbox/files/1/page one.html"', "touch /run/sandbox/files/1/new", "mkdir /run/sandbox/files/9", "mv /run/sandbox/files/2 /run/sandbox/files/3",
                   'mv "/run/sandbox/files/1/page one.html" /run/sandbox/files/1/b', "ln -s /etc/passwd /run/sandbox/files/2/link", "mv /run/sandbox/files ~/talk/files", "rmdir /run/sandbox/files", "mv /run ~/talk/run",
                   "chmod 777 /run/sandbox/files", "chmod 666 /run/sandbox/files/2/other.txt", "mount -o remount,rw /run/sandbox/files", "umount /run/sandbox/files/2/other.txt",
                   "unshare -Urm mount -o remount,bind,rw /run/sandbox/files", "unshare -Urm umount /run/sandbox/files/2/other.txt", "unshare -Urm umount -l /run/sandbox/files"):
        check(app.asks(f"{{ {attack}; }} 2>/dev/null && echo DONE || echo refused") == "refused", f"{title}: {attack}")
    equal([open(page).read(), open(other).read()], ["the page\n", "the other\n"], f"{title}: the files are as they were")
    options = app.asks("grep ' /run/sandbox/files/2/other.txt ' /proc/self/mountinfo").split()[5].split(",")
    check({"ro", "nosuid", "nodev", "noexec"} <= set(options), f"{title}: how it is mounted: {options}")
    # A folder, with what is in it; and the same path from a replaced file is another file.
    done = start("-c", 'cat "$1/other.txt"', "sh", os.path.dirname(other))
    equal((done.returncode, done.stdout, done.stderr), (0, "the other\n", ""), f"{title}: a folder")
    os.rename(put("new", "replaced\n"), page)
    done = start("-c", 'cat "$1"', "sh", page)
    equal((done.stdout, app.asks('cat "/run/sandbox/files/1/page one.html"')), ("replaced\n", "the page"), f"{title}: a file that was replaced")
    # What a first start refuses, a further one refuses: secrets, the app's own record and home, what an option forbids.
    os.makedirs(os.path.join(HOME, ".ssh"), exist_ok=True)
    link = os.path.join(DOCUMENTS, "innocent.txt")
    key = os.path.join(HOME, ".ssh/id")
    with open(key, "w") as file:
        file.write("secret\n")
    os.symlink(key, link)
    for word in (key, link):
        done = start("-c", 'cat "$1"', "sh", word)
        check(done.returncode != 0 and "secret" not in done.stdout, f"{title}: {word}: {done}")
    os.unlink(link)
    planted = app.asks(f"ln -sf {key} ~/talk/planted; ln -sf / ~/talk/root; echo done")
    for word in (os.path.join(app.folder, "planted"), os.path.join(app.folder, "root", key[1:]), "/proc/self/environ", f"/proc/{os.getpid()}/root{page}"):
        done = start("-c", 'cat "$1" 2>/dev/null; :', "sh", word)
        check("secret" not in done.stdout and "the page" not in done.stdout, f"{title}: {word}: {done}")
    equal(app.asks("ls /run/sandbox/files"), "1\n2\n3\n4", f"{title}: nothing more was shown")
    app.end()
    # The next first start has none of it.
    app = Running()
    equal(app.asks("ls -A /run/sandbox/files"), "", f"{title}: gone with the sandbox")
    app.end()

write("")
# What the first was started with is seen where it is, also under another number.
app = Running(page, other)
done = start(show, page)
equal((done.returncode, done.stdout), (0, f"{page}: replaced\n"), f"the first start's own file: {done}")
# Many at once, the same and others: each sees its own.
paths = [put(f"many{n % 4}", f"content {n % 4}\n") for n in range(12)]
starts = [subprocess.Popen([SANDBOX, "run", APP, show, path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for path in paths]
for n, process in enumerate(starts):
    out = process.communicate(timeout=40)[0]
    check(out.startswith("/run/sandbox/files/") and out.endswith(f"/many{n % 4}: content {n % 4}\n"), f"start {n}: {out}")
# `show.sh` and four: no file twice.
equal(sorted(app.asks("for f in /run/sandbox/files/*/*; do basename $f; done").split()), sorted(["show.sh"] + [f"many{n}" for n in range(4)]), "each once")
# A further start with an option that differs is refused, and shows nothing.
more = put("more", "more\n")
one_error(run(SANDBOX, "run", "--net", "loopback", APP, show, more), 125, f"'{ONE}' runs already, and was not started with these options", "--set 'app.single-instance=\"new\"'")
check("more" not in app.asks("ls /run/sandbox/files/*"), "shown all the same")
# Denied by the profile; or handed on as a word only.
write(f'[files]\n"{DOCUMENTS}/deep" = "deny"\n')
one_error(start(show, other), 125, f"'{other}' is not shown to the app: it is denied at ", "--set app.file-arguments=none")
app.end()
# The number has an end, and a start without a file goes on.
write("")
app = Running()
many = [put(f"lots/{n}", "x") for n in range(101)]
for at in range(0, 100, 50):
    equal(start("-c", ":", "sh", *many[at:at + 50]).returncode, 0, "a hundred")
one_error(start("-c", ":", "sh", many[100]), 125, f"argument 4: '{many[100]}' cannot be shown to '{ONE}', which runs already and was shown 100 files since, which is the most", f"sandbox kill {ONE}")
equal(start("-c", "echo on").stdout, "on\n", "without a file")
equal(start("-c", 'cat "$1"', "sh", many[7]).stdout, "x", "one of the hundred")
app.end()
# Whoever changes the record and is stopped is not waited for without an end.
app = Running()
with open(os.path.join(RUNTIME, "sandbox", ONE, "state.json")) as held:
    fcntl.flock(held, fcntl.LOCK_EX)
    one_error(start(show, more, timeout=60 * PATIENCE), 125, f"the record of '{ONE}' is being changed by another process")
equal(start(show, more).returncode, 0, "once it is let go of")
app.end()
# Writable where the profile says so, through Landlock's rules too.
for title, text in CONFINEMENTS.items():
    write('file-arguments = "rw"\n' + text)
    app = Running()
    equal(start("-c", 'echo written > "$1"', "sh", more).stderr, "", f"{title}: to write")
    equal((open(more).read(), app.asks("echo again > /run/sandbox/files/1/more; touch /run/sandbox/files/1/new 2>/dev/null || echo refused")), ("written\n", "refused"), f"{title}: what was written")
    equal(open(more).read(), "again\n", f"{title}: by the app that runs")
    app.end()
# A root that the app may write, where it could put a folder of its own in the place: refused in one line, as an older record is.
write("[root]\nreadonly = false\n")
app = Running()
one_error(start(show, more), 125, f"argument 1: '{show}' cannot be shown to '{ONE}', which runs already and sees what it saw at its start", f"sandbox kill {ONE}")
app.end()
no_survivors()
