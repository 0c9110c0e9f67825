"""A41 (CVE-2019-12589): what is joined gets its confinement from something that the application could change."""
from attack import *

canary = Canary()
FIELDS = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "Seccomp_filters")
# Everything that can be written inside is: names and contents of all that this user might be asked about.
ALTER = r'''
import os
for parent, folders, files in os.walk("/"):
    if parent.startswith(("/proc", "/sys", "/usr", "/dev")): folders[:] = []; continue
    for name in files:
        path = os.path.join(parent, name)
        if "/canary" in path: continue
        try:
            with open(path, "wb") as file: file.write(b"altered")
        except OSError: pass
    for name in ("plan", "state", "seccomp", "seccomp.bpf", "caps", "profile.toml", "control"):
        try:
            with open(os.path.join(parent, name), "wb") as file: file.write(b"altered")
        except OSError: pass
os.environ.clear()
print("altered", flush=True)
import time; time.sleep(60)
'''
options = ["--bind", PROBE, "--rlimit", "nofile=512", "--home", "app", "--set", 'app.id="org.example.Altered"', "--env", "GIVEN=first"]
process = subprocess.Popen([*MINIMAL, "--id", "altered", *options, "--", PYTHON, "-c", ALTER], stdout=subprocess.PIPE, text=True)
atexit.register(process.kill)
equal(process.stdout.readline(), "altered\n", "the application")
fresh = json.loads(succeeds(minimal(PROBE, options=options), "a sandbox where nothing was altered"))
guest = json.loads(succeeds(verb("exec", "altered", "--", PROBE), "a guest"))
for field in FIELDS:
    equal(guest["status"][field], fresh["status"][field], field)
for field in ("limits", "umask", "signals_blocked", "env"):
    equal(guest[field], fresh[field], field)
done = verb("exec", "altered", "--", PYTHON, "-c", "import ctypes; print(ctypes.CDLL(None).unshare(0x10000000))")
equal(done.stdout, "-1\n", "a user namespace of a guest")
# The control: an application under bubblewrap with the runtime folder makes the filter of the record one that allows all, of as
# many instructions, and the next guest has it.
LOOSEN = r"""
import struct, sys
with open(sys.argv[1], "rb") as file: plan = file.read()
at = plan.index(struct.pack("<HBBI", 0x20, 0, 0, 4))  # ld [4]: the filter begins with the ABI
size = struct.unpack("<I", plan[at - 4:at])[0]
with open(sys.argv[1], "wb") as file: file.write(plan[:at] + struct.pack("<HBBI", 0x06, 0, 0, 0x7fff0000) * (size // 8) + plan[at + size:])
print("altered")
"""
KEYRING = "import ctypes; print(ctypes.CDLL(None).syscall(250, 0, -3, 1) != -1)"  # keyctl(2), which the filter refuses
path = f"{RUNTIME}/sandbox/altered/plan"
with open(path, "rb") as file:
    plan = file.read()
equal(verb("exec", "altered", "--", PYTHON, "-c", KEYRING).stdout, "False\n", "keyctl of a guest")
done = python(LOOSEN, path, launcher=MINIMAL)
check(done.returncode == 1 and "FileNotFoundError" in done.stderr, f"from inside the record is not there: {done}")
equal(verb("exec", "altered", "--", PYTHON, "-c", KEYRING).stdout, "False\n", "keyctl of a guest after it")
done = python(LOOSEN, path, launcher=[*BWRAP, "--bind", RUNTIME, RUNTIME])
control(done.stdout == "altered\n", f"bubblewrap ({done.stderr})")
done = verb("exec", "altered", "--", PYTHON, "-c", KEYRING)
control(done.stdout == "True\n", f"a guest has the filter that an application wrote: {done}")
with open(path, "wb") as file:
    file.write(plan[:-8])
one_error(verb("exec", "altered", "--", "/bin/true"), 125)
process.kill()
process.wait()
canary.unchanged("after all")
