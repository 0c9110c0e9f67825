"""The helper stands for itself: a Plan that plan::check lets pass and resolve would never make is refused by the step that it fails in,
in one line, and nothing runs."""
from runtime.helpers import *

HELPER = os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "libexec/sandbox/sandbox-helper")
REPLAN = os.path.join(os.path.dirname(PROBE), "replan")
PLAN = f"{HOME}/plan"
os.mkdir(f"{HOME}/shown")
with open(f"{HOME}/shown/file", "w") as file:
    file.write("the host's\n")


def replan(*edits, given=(), **keywords):
    """The sandbox of PLAN, edited. `given`: what the helper gets beside, as descriptors or "-"."""
    return run(REPLAN, PLAN, *edits, "--", HELPER, *map(str, given), pass_fds=[one for one in given if one != "-"], stdin=subprocess.DEVNULL, **keywords)


# A sandbox whose Plan is taken, and which outlives all that is tried.
host = subprocess.Popen([*MINIMAL, "--id", "another", "--bind", f"{HOME}/shown:/shown", "--", "/bin/cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
host.stdin.write("begun\n")
host.stdin.flush()
equal(host.stdout.readline(), "begun\n", "the sandbox")
with open(os.path.join(os.environ["XDG_RUNTIME_DIR"], "sandbox/another/plan"), "rb") as source, open(PLAN, "wb") as copy:
    copy.write(source.read())
app = started(host, "cat")

# What all the others differ from.
says(replan(), "", "the plan as it is")
says(replan("data", "/greeting", "hello"), "", "a file more")

# In a folder of the host nothing is made, and what is there stays as it is.
for name in ("file", "missing"):
    one_error(replan("data", f"/shown/{name}", "hello"), 125, f"cannot make '/shown/{name}' inside", "its folder is one of the host or of the app, where nothing is created")
with open(f"{HOME}/shown/file") as file:
    equal((os.listdir(f"{HOME}/shown"), file.read()), (["file"], "the host's\n"), "the folder of the host")

one_error(replan("exchange", "bus", "/run/bus"), 125, "the services of this app need a runtime folder for their sockets, and there is none")
one_error(replan("terminal", "without", "devpts"), 125, "a terminal is wanted and the sandbox has no devpts")
one_error(replan("move", "/dev/null", "/dev/elsewhere", "move", "/dev/zero", "/dev/null"), 125, "/dev/null inside is not the null device")
one_error(replan("without", "proc", "apparmor", "some-profile"), 125, "cannot open /proc inside")
one_error(replan("selinux-mount", "no label"), 125, "cannot label a file system as 'no label'")

# A guest that would have more than files shown. It is refused before anything of the sandbox is entered.
mounts = f"/proc/{app}/mountinfo"
with open(mounts) as file:
    before = file.read()
one_error(replan("without", "any", "tmpfs", "/scratch", given=["-", "-", os.pidfd_open(app)]), 125,
          "a running sandbox is shown files and folders only, and '/scratch' is none")
with open(mounts) as file:
    equal(file.read(), before, "the mounts of the sandbox that was to be entered")

out, _ = host.communicate("still here\n", timeout=20 * PATIENCE)
equal((host.returncode, out), (0, "still here\n"), "the sandbox that the plan is of")
no_survivors()
