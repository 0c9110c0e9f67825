"""Files that the command line names are seen inside, read-only or writable as the profile says, and nothing beside them."""
import os

from support import HOME, SANDBOX, check, equal, one_error, run

SCRIPT = 'for f; do if cat "$f" 2>/dev/null; then echo "read $f"; (echo more >>"$f") 2>/dev/null && echo "wrote $f"; else echo "no $f"; fi; done; :'


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def read(path):
    with open(path) as file:
        return file.read()


def inside(*words, options=(), **keywords):
    done = run(SANDBOX, "run", *options, "files", "-c", SCRIPT, "sh", *words, **keywords)
    equal((done.returncode, done.stderr), (0, ""), "a start")
    return done.stdout


papers = os.path.join(HOME, "papers")
for name in ("a.txt", "beside.txt", "with space.txt", "-x", "line\nbreak.txt", "$(touch x);`id`.txt", "quote'\".txt"):
    write(os.path.join(papers, name), f"{name}\n")
a = os.path.join(papers, "a.txt")

# Read, not written; its neighbours are not there.
equal(inside(a, os.path.join(papers, "beside.txt")), f"a.txt\nread {a}\nbeside.txt\nread {papers}/beside.txt\n", "read-only")
done = run(SANDBOX, "run", "files", "-c", 'ls -A "$(dirname "$1")"; ls -A ~; touch ~/papers/new', "sh", a)
equal(done.stdout, "a.txt\npapers\n", "only the file that was named")
check("Read-only file system" in done.stderr, f"its folder takes nothing: {done.stderr}")

# Written where the profile says so, and the write is the user's file.
equal(inside(a, options=["--set", "app.file-arguments=rw"]), f"a.txt\nread {a}\nwrote {a}\n", "writable")
equal(read(a), "a.txt\nmore\n", "the file outside")
equal(inside(a, options=["--set", "app.file-arguments=none"]), f"no {a}\n", "not shown")

# Relative names are seen too, though the current directory inside is another; hostile ones stay one word each.
equal(inside("a.txt", "../papers/beside.txt", cwd=papers), f"a.txt\nmore\nread {a}\nbeside.txt\nread {papers}/beside.txt\n", "relative")
for name in ("with space.txt", "line\nbreak.txt", "$(touch x);`id`.txt", "quote'\".txt"):
    path = os.path.join(papers, name)
    equal(inside(path), f"{name}\nread {path}\n", "a hostile name")
done = run(SANDBOX, "run", "files", "-c", 'printf "<%s>" "$@"', "sh", "-x", "--", "-x", "a\nb", "", "file:///nothing", cwd=papers)
equal(done.stdout, f"<-x><--><{papers}/-x><a\nb><><file:///nothing>", "words that are no files")

# The same under --profile with the profile's own program; nothing with another.
done = run(SANDBOX, "run", "--profile", "files", "--", "sh", "-c", SCRIPT, "sh", a)
equal(done.stdout, f"a.txt\nmore\nread {a}\n", "the profile's own program")
done = run(SANDBOX, "run", "--profile", "files", "--", "/bin/cat", a)
check(done.returncode != 0 and "No such file" in done.stderr, f"another program: {done}")

# What is protected, and what a link of an app leads to, is refused, and nothing starts.
os.symlink(os.path.join(HOME, ".ssh/canary"), os.path.join(HOME, "Downloads/letter.txt"))
os.symlink(os.path.join(HOME, ".ssh"), os.path.join(papers, "folder"))
for path, why in ((f"{HOME}/.ssh/canary", "is not shown to the app"), (f"{HOME}/Downloads/letter.txt", "leads through the link"),
                  (f"{papers}/folder/canary", "is not shown to the app"), (HOME, "it holds"), (f"file://{HOME}/.gnupg/secring", "is not shown")):
    one_error(run(SANDBOX, "run", "files", "-c", SCRIPT, "sh", path), 125, "argument 4: ", why)

# The plan says which argument asked for the mount.
plan = run(SANDBOX, "explain", "files", a)
check(a in plan.stdout and "argument 1" in plan.stdout, f"the plan names it: {plan.stdout}")
check(not os.path.exists(os.path.join(HOME, "x")) and not os.path.exists(os.path.join(papers, "x")), "a name ran as a command")
