"""The streams are those that were given, with their offsets; the host's null device is changed for the sandbox's; no other descriptor gets in."""
from runtime.helpers import *

look = "import os, sys\n" \
    "for number in range(3):\n" \
    "  info = dict(line.split(None, 1) for line in open(f'/proc/self/fdinfo/{number}'))\n" \
    "  own = open('/dev/null'); mine = dict(line.split(None, 1) for line in open(f'/proc/self/fdinfo/{own.fileno()}'))\n" \
    "  print(number, 'own' if info['mnt_id:'] == mine['mnt_id:'] else 'other', file=open('/tmp/out', 'a'))\n" \
    "open(sys.argv[1], 'w').write(open('/tmp/out').read())\n"
answer = f"{HOME}/Downloads/answer"
with open("/dev/null", "r+") as null:
    done = with_profile(f'[files]\n"{HOME}/Downloads" = "rw"\n', "/usr/bin/python3", "-c", look, answer, stdin=null, stdout=null, stderr=null)
equal(done.returncode, 0, "status")
with open(answer) as file:
    equal(file.read(), "0 own\n1 own\n2 own\n", "whose null device the streams are")
# A file keeps its offset, and one that is open for writing alone stays so.
path = f"{HOME}/numbers"
with open(path, "w+") as file:
    file.write("one\ntwo\nthree\n")
    file.flush()
    os.lseek(file.fileno(), 4, os.SEEK_SET)
    done = with_profile("", "/bin/sh", "-c", "head -c 4; readlink /proc/self/fd/0 | wc -l", stdin=file)
    says(done, "two\n1\n", "a file as input")
    equal(os.lseek(file.fileno(), 0, os.SEEK_CUR), 8, "the offset, which is shared")
# Descriptors of the caller do not get in; those that are named do.
secret = os.dup2(os.open(f"{HOME}/.ssh/canary", os.O_RDONLY), 50)
folder = os.dup2(os.open("/", os.O_PATH | os.O_DIRECTORY), 51)
handles = [os.dup2(secret, number) for number in (40, 41)] + [os.dup2(folder, number) for number in (3, 4, 700)]
listing = "import os; [print(n, os.readlink(f'/proc/self/fd/{n}')) for n in os.listdir('/proc/self/fd') if int(n) > 2 and os.path.exists(f'/proc/self/fd/{n}')]"
done = with_profile("", "/usr/bin/python3", "-c", listing, pass_fds=handles)
equal(succeeds(done, "descriptors"), "", "descriptors inside")
os.dup2(secret, 3)
done = with_profile("", "/usr/bin/python3", "-c", "import os; print(os.read(3, 100).decode().strip(), flush=True)\n" + listing, options=["--preserve-fds", "1"], pass_fds=[3, 4, 40])
lines = succeeds(done, "--preserve-fds").splitlines()
equal(lines[0], "canary: a private key", "the descriptor that was named")
equal([line.split()[0] for line in lines[1:]], ["3"], "descriptors inside")
os.dup2(folder, 3)
done = with_profile("", "/bin/true", options=["--preserve-fds", "1"], pass_fds=[3])
one_error(done, 125, "descriptor 3", "folder")
done = with_profile("", "/bin/true", options=["--preserve-fds", "3"])
one_error(done, 2, "--preserve-fds")
# One of ours never stands in for one that is not there: looked at before the first is opened, however the start goes on.
for options in ([], ["--detach"], ["--log-denials"], ["--dry-run"]):
    for given in ([], [3]):
        done = with_profile("", "/bin/true", options=["--preserve-fds", "2", *options], pass_fds=given)
        one_error(done, 2, f"descriptor {3 + len(given)} is not open")
for closed in (0, 1, 2):
    done = run(SANDBOX, "run", "--profile", "minimal", "--", "/bin/sh", "-c", "exit 5", stdin=None, stdout=None, stderr=None, preexec_fn=lambda: os.close(closed))
    equal(done.returncode, 5, f"with descriptor {closed} closed")
