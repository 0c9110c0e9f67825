"""Starts below a systemd user manager, which is asked for a scope each time, and without one.

As a program, below such a manager: manager.py SANDBOX TOOLS ROUNDS"""
import os
import shutil
import subprocess
import sys
import time

import peers
from cases import Bench
from measure import Command, Failed, once, rounds_of, table
from user import as_user

HERE = os.path.dirname(os.path.abspath(__file__))
NATIVE = os.path.join(os.path.dirname(HERE), "system", "native")


def with_manager(bench):
    """As a user who has a manager."""
    plan, encoded = peers.plan_of(bench.sandbox, "minimal", [peers.TRUE]), bench.encoded("minimal")
    apart = os.path.join(os.environ["HOME"], "bench-runtime")
    os.makedirs(apart, mode=0o700, exist_ok=True)
    bwrap = peers.bwrap(plan, bench.made(encoded, "--filter"))
    # A scope is entered by systemd-run itself, so that bwrap inherits its descriptors.
    scoped = Command(shutil.which("systemd-run"), "--user", "--scope", "--quiet", "--collect", *bwrap.words, descriptors=bwrap.descriptors)
    without = Command(bench.sandbox, "run", "--profile", "minimal", "--", peers.TRUE, environment={"XDG_RUNTIME_DIR": apart})
    time.sleep(2.1)  # what has just been made is not kept
    for command in (bench.run("minimal"), without):
        once(command)  # its plan is kept from here on
    rows = {"systemd-run --user --scope bwrap": scoped, "sandbox run, with its scope": bench.run("minimal"), "bwrap, without a scope": bwrap,
            "sandbox run, in a delegated group": without}
    table(f"minimal, below a systemd user manager on this kernel: {bench.rounds} rounds", rounds_of(rows, bench.rounds), "systemd-run --user --scope bwrap")
    print("   not measured in the emulated machine: a fork and exec takes some forty milliseconds there, which is the emulator's cost")


def systemd(bench, _user):
    """As root: a manager for a throw-away user, by the host of tests/system."""
    if shutil.which("systemd-run") is None or not os.path.exists("/usr/lib/systemd/systemd"):
        print("\nbelow a systemd user manager: left out, there is no systemd here")
        return True
    words = [NATIVE, "-t", "600", sys.executable, "-B", os.path.abspath(__file__), bench.sandbox, bench.tools, str(bench.rounds)]
    sys.stdout.flush()
    return subprocess.run(words, stdin=subprocess.DEVNULL).returncode == 0


def as_the_user(bench):
    """Where root is not there to make one, the user's own manager, if there is one."""
    if bench.root:
        return
    if not os.access(os.environ["XDG_RUNTIME_DIR"] + "/systemd/private", os.W_OK):
        raise Failed("there is no systemd user manager here; started as root, the bench makes one")
    with_manager(bench)


if __name__ == "__main__":
    measured = Bench(sys.argv[1], sys.argv[2], int(sys.argv[3]), False)
    sys.exit(0 if as_user(None, lambda: with_manager(measured)) else 1)
