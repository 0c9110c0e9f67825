"""Every profile that firejail ships is imported, with a list of what could not be; nearly all of them resolve on this machine."""
import glob
import json

from support import *

works()
profiles = sorted(glob.glob("/etc/firejail/*.profile"))
check(len(profiles) > 1000, f"only {len(profiles)} profiles: is the package firejail-profiles installed?")
folder = f"{HOME}/.config/sandbox/apps"
done = run(SANDBOX, "profile", "import", "--write", "firejail", *profiles, timeout=240)
equal(done.returncode, 0, f"status of the import of all (stderr ends: {done.stderr[-1000:]})")
told = len(done.stderr.splitlines())
equal(len(glob.glob(f"{folder}/*.toml")), len(profiles), "profiles that were written")
check(told > 1000, f"only {told} lines of what was not carried over")

done = run(SANDBOX, "profile", "check", "--json", *sorted(glob.glob(f"{folder}/*.toml")), timeout=240)
rows = json.loads(done.stdout)
wrong, bus = {}, set()
for row in rows:
    if row["kind"] == "error":
        (bus.add(row["file"]) if " bus" in row["text"] else wrong.setdefault(row["file"] or row["text"], row["text"]))
resolved = len(profiles) - len(wrong.keys() | bus)
print(f"{len(profiles)} profiles of firejail imported, {resolved} resolve, {len(bus)} wish for more of a bus than there is, {told} lines not carried over")
for text in list(wrong.values())[:20]:
    print("  ", text)
check(len(wrong) <= 0.03 * len(profiles), f"{len(wrong)} of {len(profiles)} do not resolve")
check(resolved >= 0.85 * len(profiles), f"only {resolved} of {len(profiles)} resolve")
secrets = [row["text"] for row in rows if row["kind"] == "wide" and "keys" in row["text"]]
check(not secrets, f"keys are granted: {secrets[:3]}")

# One of them whole: what it opens, what it closes, what could not be.
with open(f"{HOME}/some.profile", "w") as file:
    file.write("""include globals.local
noblacklist ${HOME}/.config/some
whitelist ${DOWNLOADS}
whitelist ${HOME}/.config/some
whitelist ${HOME}/.ssh
whitelist /opt/some
blacklist /usr/libexec
include disable-common.inc
net none
nosound
private-etc fonts,ssl,strange
seccomp !chroot
ignore no3d
no3d
dbus-user filter
dbus-user.talk org.freedesktop.Notifications
memory-deny-write-execute
nonsense here
""")
done = run(SANDBOX, "profile", "import", "firejail", f"{HOME}/some.profile")
equal(done.returncode, 0, f"status: {done.stderr}")
for line in ['files."${DOWNLOADS}" = { access = "rw", optional = true }', 'files."/opt/some" = { access = "ro", optional = true }',
             'files."/usr/libexec" = { access = "deny", optional = true }', 'home.persist = [".config/some"]', 'root.etc = ["fonts", "tls"]', "process.userns = true",
             "services.gpu = true", 'dbus.session."org.freedesktop.Notifications" = "talk"', 'app.extends = ["class/desktop"]']:
    check(line in done.stdout, f"{line} is not in\n{done.stdout}")
check("services.network" not in done.stdout and "services.audio" not in done.stdout, done.stdout)
for line, word in [(5, ".ssh"), (11, "strange"), (17, "memory-deny"), (18, "nonsense")]:
    check(any(f"some.profile:{line}:1" in one and word in one for one in done.stderr.splitlines()), f"line {line} is not told: {done.stderr}")
one_error(run(SANDBOX, "profile", "import", "firejail", "/no/such.profile"), 127, "/no/such.profile")
with open(f"{HOME}/loop.profile", "w") as file:
    file.write("include loop.profile\n")
one_error(run(SANDBOX, "profile", "import", "firejail", f"{HOME}/loop.profile"), 125, "': profiles include each other more than 16 deep")
with open(f"{HOME}/bomb.profile", "w") as file:
    file.write("include bomb.profile\n" * 100)
with open(f"{HOME}/wide.profile", "w") as file:
    file.write("include empty.inc\n" * 2000)
with open(f"{HOME}/empty.inc", "w") as file:
    file.write("quiet\n")
for name, words in (("bomb", "more than 16 deep"), ("wide", "more than 1000 includes are read for one profile")):
    one_error(run(SANDBOX, "profile", "import", "firejail", f"{HOME}/{name}.profile"), 125, words)
for level in range(8):
    with open(f"{HOME}/level{level}.profile", "w") as file:
        file.write(f"include level{level + 1}.profile\n" * 100)
one_error(run(SANDBOX, "profile", "import", "firejail", f"{HOME}/level0.profile"), 125, "more than 1000 includes are read for one profile")
# Of several all or none is written.
os.unlink(f"{folder}/vlc.toml")
two = ["firejail", "/etc/firejail/vlc.profile", "/etc/firejail/mpv.profile"]
for status, words, needle in [(2, two, "several profiles cannot be printed as one"), (125, ["--write", *two], "mpv.toml' already; --force writes over it"),
                              (125, ["--write", "--force", *two, f"{HOME}/loop.profile"], "more than 16 deep"),
                              (2, ["--write", "--force", *two, two[1]], "two of the files are called 'vlc'")]:
    one_error(run(SANDBOX, "profile", "import", *words), status, needle)
check(not os.path.exists(f"{folder}/vlc.toml"), "one of several was written, though another could not be")
