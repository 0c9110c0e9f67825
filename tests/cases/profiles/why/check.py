"""`profile why` answers for every kind of thing, and what it says is what the app meets."""
import json
import os
import shutil

from support import *

works()
folder = f"{HOME}/.config/sandbox/apps"
os.makedirs(folder, exist_ok=True)
path = f"{folder}/org.example.Why.toml"
notes = f"{HOME}/notes"
for name in ("notes/private", "pictures", "elsewhere"):
    os.makedirs(f"{HOME}/{name}", exist_ok=True)
    with open(f"{HOME}/{name}/file", "w") as file:
        file.write("text\n")
with open(path, "w") as file:
    file.write("""schema = 1
[app]
exec = ["/bin/sh"]
extends = ["class/headless"]
[files]
"${HOME}/notes" = "rw"
"${HOME}/notes/private" = "deny"
"${HOME}/pictures" = "ro"
"${HOME}/elsewhere" = { access = "ro", target = "/data" }
[env]
keep = ["KEPT", "LD_*"]
set = { SET = "1" }
[process.seccomp]
deny = ["mkdir"]
""")
app = "org.example.Why"
environment = {**os.environ, "KEPT": "yes", "LD_NEVER": "x", "DROPPED": "y"}


def why(what, *options, subject=app):
    done = run(SANDBOX, "profile", "why", "--json", *options, subject, what, env=environment)
    check(done.stdout.startswith("{"), f"why {what}: {done.stderr}")
    answer = json.loads(done.stdout)
    equal(done.returncode, 0 if answer["granted"] else 1, f"status for {what}")
    return answer


def inside(script, *options):
    return run(SANDBOX, "run", *options, app, "-c", script, env=environment).returncode == 0


# what, line of the profile (0: none of it), and a script that succeeds exactly where it is granted
for what, granted, line, script in [
    (f"{notes}/file", True, 6, f"echo x >>{notes}/file"),
    (f"{notes}/private/file", False, 7, f"cat {notes}/private/file"),
    (f"{HOME}/pictures/file", True, 8, f"cat {HOME}/pictures/file"),
    ("~/.ssh/canary", False, 0, f"cat {HOME}/.ssh/canary"),
    (f"{HOME}/elsewhere/file", False, 0, f"cat {HOME}/elsewhere/file"),
    ("/data/file", True, 9, "cat /data/file"),
    ("/usr/bin/env", True, 0, "test -x /usr/bin/env"),
    ("/dev/null", True, 0, "echo x >/dev/null"),
    ("/dev/fuse", False, 0, "test -e /dev/fuse"),
    ("KEPT", True, 11, 'test "$KEPT" = yes'),
    ("SET", True, 12, 'test "$SET" = 1'),
    ("LD_NEVER", False, 0, 'test -n "$LD_NEVER"'),
    ("DROPPED", False, 0, 'test -n "$DROPPED"'),
    ("mkdir", False, 14, None),
    ("openat", True, None, "cat /dev/null"),
    ("kexec_load", False, None, None),
    ("example.org:443", False, None, None),
    ("bus:org.freedesktop.portal.Desktop", False, 0, None),
]:
    answer = why(what)
    equal(answer["granted"], granted, f"granted {what}: {answer}")
    if line:
        check(answer["origin"].startswith(f"{path}:{line}:"), f"origin of {what}: {answer['origin']}, wanted line {line}")
    if line == 0:
        check(not answer["origin"].startswith(path), f"{what} is said to be decided by {answer['origin']}")
    if script:
        equal(inside(script), granted, f"what the app meets at {what}")
    check(answer["sees"], f"{what}: nothing is said of what the app sees")

check("/data" in why(f"{HOME}/elsewhere/file")["sees"], "a folder that is shown elsewhere is not told")
check("read-only" in why(f"{HOME}/pictures")["verdict"], "a read-only grant is not told")
check(not inside(f"echo x >{HOME}/pictures/file"), "a read-only grant is written")
check("better not" in why("~/.ssh")["change"][0], "a way to grant keys is proposed")

own = why("~/Documents/letter.txt", "--set", "home.mode=app")
check(not own["granted"] and "a place of its own" in own["sees"], f"the user's file is said to be shown in a home of the app's own: {own}")

for what in ("path:/etc", "/", "path:/home", "path:/run"): # parents of what is mounted
    answer = why(what)
    check("ENOENT" not in answer["sees"] and not answer["granted"], f"a folder that is there is denied to be: {answer}")
    check(not answer.get("change"), f"a way that leads nowhere is proposed: {answer}")
    check(inside(f"test -d {what.removeprefix('path:')}"), f"{what} is not there")

# A link of the host leads to a place that is not shown: that place is what is told of, and what is to be granted.
os.makedirs(f"{HOME}/far")
with open(f"{HOME}/far/file", "w") as file:
    file.write("text\n")
os.symlink("../far", f"{notes}/out")
os.symlink(f"{HOME}/pictures", f"{notes}/seen")
answer = why(f"{notes}/out/file")
check(not answer["granted"] and f"is a link to '{HOME}/far/file'" in answer["sees"] and f"--bind {HOME}/far/file " in answer["change"][0], f"{answer}")
check(not inside(f"cat {notes}/out/file") and inside(f"cat {notes}/out/file", "--bind", f"{HOME}/far/file"), "a link to what is not shown, and the grant that why names")
answer = why(f"{notes}/seen/file")
check(answer["granted"] and answer["origin"].startswith(f"{path}:8:"), f"{answer}")
check(inside(f"cat {notes}/seen/file"), "a link to what is shown")

# To write there is another question, with other ways; what is new is made in a folder that is shown.
check(why(f"{notes}/file", "--write")["granted"], "a grant for writing is denied to write")
for what, shown in ((f"{HOME}/pictures/file", f"{HOME}/pictures/file"), (f"{HOME}/far/new", f"{HOME}/far")):
    answer = why(what, "--write")
    check(not answer["granted"] and f"--bind {shown}:rw " in answer["change"][0] and f'files."{shown}" = "rw"' in answer["change"][1], f"{answer}")
    check(not inside(f"echo x >{what}") and inside(f"echo x >{what}", "--bind", f"{shown}:rw"), f"what why proposes to write {what}")
equal(why(f"{HOME}/pictures/file", "--write")["verdict"], "denied to write", "a file that is shown read-only")
check("make a folder" in why(f"{HOME}/new", "--write")["change"][0], "the whole home is proposed")
check("better not" in why("~/.ssh/new", "--write")["change"][0], "a way to write beside keys is proposed")
one_error(run(SANDBOX, "profile", "why", "--write", app, "mkdir"), 2, "--write asks about a path, and 'mkdir' is none")

# The command that is proposed does what it says.
answer = why(f"{HOME}/.cache/x")
check("--bind" in answer["change"][0], f"{answer['change']}")
answer = why("DROPPED")
check("--env DROPPED" in answer["change"][0], f"{answer['change']}")
check(inside('test "$DROPPED" = now', "--env", "DROPPED=now"), "--env does not do what why says")
check(why("mkdir", "--set", 'process.seccomp.deny=["!mkdir"]')["granted"], "--set is not looked at")
check(why("socket", "--set", 'process.seccomp.allow=["@debug"]')["granted"], "socket")

# Of one that runs the recorded plan is asked.
with subprocess.Popen([SANDBOX, "run", "--id", "why-runs", "--set", 'files."/usr/share"="deny"', app, "-c", "echo up; read line"],
                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
    equal(process.stdout.readline(), "up\n", "the app's first word")
    running = why("/usr/share/doc", subject="why-runs")
    check(not running["granted"] and "files" in running["origin"], f"{running}")
    check(why(f"{notes}/file", subject="why-runs")["origin"].startswith(f"{path}:6:"), "the origin of a grant of a running app")
    check(why("/usr/share/doc")["granted"], "the app itself has no such line")
    done = run(SANDBOX, "profile", "why", "why-runs", "printing")
    one_error(done, 2, "of a running sandbox the plan is known, and no plan names a service; ask about its app")
    process.communicate("\n", timeout=20)

text = run(SANDBOX, "profile", "why", app, f"{notes}/private").stdout
check('files."${HOME}/notes/private" = "deny"' in text and f"[{path}:7:1]" in text, text)
for url in ("https://example.org", "https://user@example.org:8443/a/path?q=1#x"):
    answer = why(url)
    check(answer["kind"] == "net" and not answer["granted"] and "--net" in answer["change"][0], f"an address of the web: {answer}")
one_error(run(SANDBOX, "profile", "why", app, "https:///path"), 2, "HOST:PORT")
one_error(run(SANDBOX, "profile", "why", app, "word"), 2, "path:, net:, syscall:")
one_error(run(SANDBOX, "profile", "why", app, "syscall:nosuchcall"), 2, "nosuchcall")
one_error(run(SANDBOX, "profile", "why", app, "net:host:99999"), 2, "HOST:PORT")

# What it proposes is a command of a shell, whatever the file is called, and each answer keeps to its lines.
name = f"{HOME}/far/a b;touch owned;$(touch owned)`touch owned`'\"\n  by      nothing"
with open(name, "w") as file:
    file.write("text\n")
answer = why(name)
(command,) = [line.removeprefix("once: ") for line in answer["change"] if line.startswith("once: ")]
text = run(SANDBOX, "profile", "why", app, name).stdout
equal([line.split()[0] for line in text.splitlines()], ["path", "by", "sees", "change", "change"], f"the lines of {text!r}")
os.mkdir(f"{HOME}/shell")
words = run("/bin/sh", "-c", command.replace("sandbox run", "printf '%s\\0'", 1), cwd=f"{HOME}/shell").stdout.split("\0")
equal(words, ["--bind", name, app, ""], "the words of the command that is proposed")
for what in ("env:A;touch owned", "bus:org.example.A';touch owned;'", "device:/dev/x'\";touch owned;'"):
    for line in why(what)["change"][:1]:
        run("/bin/sh", "-c", line.removeprefix("once: ").replace("sandbox run", "printf '%s\\0'", 1), cwd=f"{HOME}/shell")
equal(os.listdir(f"{HOME}/shell"), [], "what the proposed commands did beside")

# Under an administrator's ceiling nothing is proposed that it would take again.
etc = f"{HOME}/etc"
os.makedirs(f"{etc}/sandbox")
for name in ("passwd", "group"):
    shutil.copy(f"/etc/{name}", etc)
with open(f"{etc}/sandbox/policy.toml", "w") as file:
    file.write('schema = 1\n[max.network]\nmode = "none"\n[max.files]\n"${HOME}/elsewhere" = "deny"\n"${HOME}/pictures" = "ro"\n')
for words, line in ((["net:example.org:443"], 3), ([f"{HOME}/elsewhere/file"], 5), (["--write", f"{HOME}/pictures/file"], 6)):
    done = run("/usr/bin/unshare", "--user", "--map-current-user", "--keep-caps", "--mount", "/bin/sh", "-ec", f'mount --bind {etc} /etc; exec setpriv --ambient-caps=-all -- "$@"', "sh",
               SANDBOX, "profile", "why", "--json", app, *words)
    answer = json.loads(done.stdout)
    check(not answer["granted"] and answer["change"] == [f"ask the administrator of this machine: /etc/sandbox/policy.toml:{line}:1 lets nobody have it"], f"{words} under a ceiling: {answer} {done.stderr}")

# A service by its name, or one option of it: what people ask first.
with open(f"{folder}/org.example.Talker.toml", "w") as file:
    file.write('schema = 1\n[app]\nexec = ["/bin/true"]\nextends = ["class/headless"]\n[services]\naudio = true\n')
talker = "org.example.Talker"
for what, granted, change in (("printing", False, "services.printing=true"), ("audio", True, "services.audio=false"), ("service:audio.microphone", False, "services.audio.microphone=true"),
                              ("service:audio.playback", True, "services.audio.playback=false")):
    answer = why(what, subject=talker)
    check(answer["kind"] == "service" and answer["granted"] == granted and f"--set {change} " in answer["change"][0], f"{what}: {answer}")
    equal(why(what, "--set", change, subject=talker)["granted"], not granted, f"{what} with what is proposed")
check(why("audio", subject=talker)["origin"].startswith(f"{folder}/org.example.Talker.toml:6:"), "the line that says it")
one_error(run(SANDBOX, "profile", "why", talker, "microphone"), 2, "say which: service:audio.microphone, or path:")
one_error(run(SANDBOX, "profile", "why", talker, "service:prnting"), 2, "unknown service 'prnting'; did you mean 'printing'?")
one_error(run(SANDBOX, "profile", "why", talker, "service:audio.mikrophone"), 2, "unknown option 'mikrophone' of the service 'audio'; did you mean 'microphone'?")
