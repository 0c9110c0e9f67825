"""The first line of a script is looked up while its caller's descriptors are open still: none that is open inside is a folder of the host."""
import shutil

from manager import *

UNDEFENDED = os.environ["UNDEFENDED"]
scripts, outside = f"{HOME}/scripts", f"{HOME}/outside"
for folder in (scripts, outside):
    os.makedirs(folder)
shutil.copy("/bin/echo", f"{outside}/tool")
NUMBERS = range(3, 40)
for number in NUMBERS:
    with open(f"{scripts}/{number}", "w") as file:
        file.write(f"#!/proc/self/fd/{number}{'/..' * 12}{outside}/tool\n")
    os.chmod(f"{scripts}/{number}", 0o755)
# Landlock would forbid to execute what is not shown: the second wall, away here.
GIVEN = ["--bind", scripts, "--set", "process.landlock=false"]

held = os.open("/usr", os.O_DIRECTORY | os.O_CLOEXEC)
done = subprocess.run([f"{scripts}/{held}"], pass_fds=[], close_fds=False, capture_output=True, text=True)
equal(done.stdout, f"{scripts}/{held}\n", "the kernel goes through a folder that closes on exec")


def ran(command):
    """The numbers of the scripts that ran the program of the host."""
    found = []
    for number in NUMBERS:
        done = run(*command, f"{scripts}/{number}")
        if done.stdout:
            found.append(number)
        else:
            check(done.returncode in (126, 127), f"script {number}: {done}")
    return found


equal(ran([*MINIMAL, *GIVEN, "--"]), [], "scripts of an app that ran a program of the host")
with running("first-line", "/bin/sleep", "60", options=GIVEN):
    equal(ran([SANDBOX, "exec", "first-line", "--"]), [], "scripts of a guest that did")
    with open("defences-off", "w") as file:
        file.write("nothing-open\n")
    for command in ([UNDEFENDED, *MINIMAL[1:], *GIVEN, "--"], [UNDEFENDED, "exec", "first-line", "--"]):
        check(ran(command), f"the control did not see the attack succeed: {command}")
nothing_left()
