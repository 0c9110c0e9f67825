"""Signals are neither blocked nor ignored inside, whatever the caller did; the mask of new files and limits are the profile's."""
from support import *

def rough():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGCHLD, signal.SIGUSR1):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGCHLD, signal.SIGALRM, signal.SIGRTMIN})
    os.umask(0)
document = probe(preexec_fn=rough, restore_signals=False)
equal((document["signals_blocked"], document["signals_ignored"]), ([], []), "blocked and ignored")
equal(document["umask"], 0o022, "umask")
equal(document["limits"]["core"], [0, 0], "core limit")
process = subprocess.Popen([*MINIMAL, "--", "/usr/bin/sleep", "600"], preexec_fn=rough, restore_signals=False)
started(process, "sleep")
process.terminate()
check(process.wait(10) in (143, -15), f"status {process.returncode} after SIGTERM to a launcher that inherited it ignored and blocked")
no_survivors()
