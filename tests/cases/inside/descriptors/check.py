"""Nothing above 2 is handed on, however many the caller has open."""
from support import *

opened = [os.open("/", os.O_PATH)] + [os.open("/", os.O_RDONLY) for _ in range(500)]
opened.append(os.open(f"{HOME}/.ssh", os.O_PATH | os.O_DIRECTORY))
high = 1000
os.dup2(opened[0], high)
for number in opened + [high]:
    os.set_inheritable(number, True)
document = probe(close_fds=False)
equal(sorted(document["fds"]), ["0", "1", "2"], "descriptors inside")
done = run(*PROBING, "--cwd", f"/proc/self/fd/{high}", "--", PROBE, close_fds=False)
if done.returncode == 0:
    check(json.loads(done.stdout)["cwd"] != "/proc/self/fd", "a descriptor as the current directory")
    fail(f"--cwd through a descriptor was accepted: {json.loads(done.stdout)['cwd']}")
one_error(done, 125)
