"""A21 (CVE-2026-97029): a signal from inside to the process group, the session or everything reaches the launcher and its caller."""
from attack import *

canary = Canary()
SEND = r'''
import os, signal
for target in (0, -1, os.getppid(), 1):
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    try: os.kill(target, signal.SIGUSR1)
    except OSError: pass
try: os.killpg(os.getpgid(0), signal.SIGUSR1)
except OSError: pass
print("sent", os.getsid(0) != 0)
'''
mark = f"{HOME}/hit"


def attacked(*command):
    """The command as a child of a shell in the same group; whether the signal reached the shell."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(mark)
    done = run("/bin/bash", "-c", f'trap "echo hit >{mark}" USR1; "$@" & wait $!; wait; echo over', "-", *command, start_new_session=True, timeout=30)
    check("over" in done.stdout, f"the shell: {done}")
    return os.path.exists(mark), done


hit, done = attacked(*BWRAP, PYTHON, "-c", SEND)
control(hit, f"bubblewrap without a session of its own: {done}")
os.makedirs(f"{HOME}/.undefended", exist_ok=True)
for launcher in ([*MINIMAL, "--"], [SANDBOX, "run", "--profile", "shell", "--"], [*MINIMAL, "--tty", "--"]):
    hit, done = attacked(*launcher, PYTHON, "-c", SEND)
    check(not hit and "sent" in done.stdout, f"{launcher}: {done}")
with running("grouped", "/bin/sleep", "60") as process:
    hit, done = attacked(SANDBOX, "exec", "grouped", "--", PYTHON, "-c", SEND)
    check(not hit and "sent" in done.stdout, f"exec: {done}")
# Without our two sessions it does.
with open(f"{HOME}/.undefended/defences-off", "w") as file:
    file.write("own-session session")
os.chdir(f"{HOME}/.undefended")
hit, done = attacked(UNDEFENDED, "run", "--profile", "minimal", "--set", "process.landlock=false", "--", PYTHON, "-c", SEND)
control(hit, f"without sessions: {done}")
canary.unchanged("after all")
