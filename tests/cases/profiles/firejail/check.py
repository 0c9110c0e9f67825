"""Every profile that firejail ships is imported, with a list of what could not be; nearly all of them resolve on this machine."""
import concurrent.futures
import glob
import json

from support import *

works()
profiles = sorted(glob.glob("/etc/firejail/*.profile"))
check(len(profiles) > 1000, f"only {len(profiles)} profiles: is the package firejail-profiles installed?")
folder = f"{HOME}/imported"
os.makedirs(folder)


def imported(path):
    done = run(SANDBOX, "profile", "import", "firejail", path)
    name = os.path.basename(path)[:-len(".profile")]
    if done.returncode == 0:
        with open(f"{folder}/{name}.toml", "w") as file:
            file.write(done.stdout)
    return path, done


failed, told = {}, 0
with concurrent.futures.ThreadPoolExecutor(2) as workers:
    for path, done in workers.map(imported, profiles):
        told += len(done.stderr.splitlines())
        if done.returncode != 0:
            failed[path] = done.stderr
check(not failed, f"{len(failed)} are not imported: {list(failed.items())[:3]}")
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
