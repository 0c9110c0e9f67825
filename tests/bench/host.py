"""The cases of which only root can read or make a part."""
import json
import os
import select
import signal
import threading
import time

import peers
from cases import beside, desktop_profile
from measure import Failed, say_target, spawn
from user import as_user, below, mount


def pss(process):
    with open(f"/proc/{process}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))


def memory(bench, user):
    """PSS of all that stays beside the app."""
    read, write = os.pipe()

    def hold():
        os.set_inheritable(write, False)
        plan = peers.plan_of(bench.sandbox, "minimal", ["/usr/bin/sleep", "600"])
        rows = {"bwrap": peers.bwrap(plan, None, ("/usr/bin/sleep", "600")), "sandbox": bench.run("minimal", "/usr/bin/sleep", "600")}
        started = {name: spawn(command) for name, command in rows.items()}
        time.sleep(2)
        for name, number in started.items():
            if os.waitpid(number, os.WNOHANG)[0] != 0:
                raise Failed(f"memory: {name} has ended before it could be looked at")
        os.write(write, json.dumps(started).encode())
        time.sleep(6)
        for number in started.values():
            os.kill(number, signal.SIGKILL)

    good = []
    thread = threading.Thread(target=lambda: good.append(as_user(user, hold)))
    thread.start()
    while not select.select([read], [], [], 0.5)[0]:
        if not thread.is_alive():
            return False
    started = json.loads(os.read(read, 4096))
    figures = {}
    for name, number in started.items():
        figures[name] = 0
        for process in below(number):
            with open(f"/proc/{process}/comm") as file:
                if file.read().strip() != "sleep":
                    figures[name] += pss(process)
    thread.join()
    if not all(good):
        return False
    print("\nmemory that stays beside the app, PSS in kB: " + ", ".join(f"{name} {value}" for name, value in figures.items()))
    say_target("memory, sandbox / bwrap", figures["sandbox"] / figures["bwrap"], 0.5)
    return True


def mounts(bench, user):
    """A host that has five hundred mounts more."""
    def crowded():
        beside(bench, "desktop, on a host with 500 mounts more", desktop_profile("mounts"), [("sandbox run, unchanged", "bwrap", 0.06)], with_runtimes=False)

    def crowd():
        mount("tmpfs", "/mnt", "tmpfs")
        for number in range(499):
            os.mkdir(f"/mnt/{number}")
            mount("tmpfs", f"/mnt/{number}", "tmpfs", data="size=4k,nr_inodes=2")

    return as_user(user, crowded, [crowd])
