"""The cases that a user can make alone: what is started, and beside what."""
import ctypes
import json
import math
import os
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time

import peers
from measure import Command, Failed, Patience, check, median, once, ratio, rewind, rounds_of, say_target, spawn, table

TRUE = peers.TRUE


class Bench:
    def __init__(self, sandbox, tools, rounds, root):
        self.sandbox, self.tools, self.rounds, self.root = sandbox, tools, rounds, root
        self.records = 0

    def tool(self, name):
        return os.path.join(self.tools, "bench-" + name)

    def run(self, profile, *command, options=()):
        return Command(self.sandbox, "run", "--profile", profile, *options, "--", *(command or (TRUE,)))

    def cold(self, profile, options=()):
        """With nothing kept of an earlier start; what is kept for the others comes back after it."""
        folder = os.path.join(os.environ["XDG_RUNTIME_DIR"], "sandbox-plans")
        aside = folder + "-aside"

        def back():
            shutil.rmtree(folder, ignore_errors=True)
            os.rename(aside, folder)

        command = self.run(profile, options=options)
        command.before, command.after = (lambda: os.rename(folder, aside)), back
        return command

    def encoded(self, profile, options=()):
        """The Plan of a start as the helper gets it, from the record of one. Each has a name of its own: that of one that was
        killed stays until the next start."""
        self.records += 1
        with self.running(profile, f"bench-plan-{self.records}", options) as folder:
            with open(os.path.join(folder, "plan"), "rb") as file:
                return file.read()

    def running(self, profile, name, options=()):
        return Running(self, profile, name, options)

    def made(self, plan, *options):
        """What bench-script makes of an encoded Plan."""
        path = os.path.join(os.environ["HOME"], "bench-plan")
        with open(path, "wb") as file:
            file.write(plan)
        return peers.asked([self.tool("script"), path, *options])

    def floor(self, plan, *command):
        path = os.path.join(os.environ["HOME"], f"bench-floor-{len(plan)}")
        with open(path, "wb") as file:
            file.write(self.made(plan))
        return Command(self.tool("floor"), path, *(command or (TRUE,)))

    def helper(self, plan):
        """The helper alone on a ready Plan: a sealed memory file."""
        number = os.memfd_create("plan", os.MFD_ALLOW_SEALING)
        os.write(number, plan)
        libc = ctypes.CDLL(None)
        libc.fcntl(number, 1033, 15)  # F_ADD_SEALS, all four
        os.set_inheritable(number, True)
        bin_folder = os.path.dirname(self.sandbox)
        found = [path for path in (os.path.join(bin_folder, "../libexec/sandbox/sandbox-helper"), os.path.join(bin_folder, "../helper/sandbox-helper"))
                 if os.path.exists(path)]
        return Command(found[0], number, "-", "-", "-", descriptors=())


class Running:
    """A sandbox with a sleeping app; the folder of its record."""

    def __init__(self, bench, profile, name, options):
        self.command = [bench.sandbox, "run", "--profile", profile, *options, "--id", name, "--", "/usr/bin/sleep", "600"]
        self.folder = os.path.join(os.environ["XDG_RUNTIME_DIR"], "sandbox", name)

    def __enter__(self):
        self.said = tempfile.TemporaryFile()
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.said)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with open(os.path.join(self.folder, "state.json")) as file:
                    self.app = json.load(file)["app-pid"]
                with open(f"/proc/{self.app}/comm") as file: # on record while its namespaces are made
                    if file.read().strip() == "sleep":
                        return self.folder
            except (OSError, ValueError):
                pass
            time.sleep(0.01)
        self.__exit__()
        self.said.seek(0)
        said = self.said.read().decode(errors="replace").strip().splitlines()
        raise Failed(f"{' '.join(self.command)} does not start{': ' + said[-1] if said else ''}")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def versions():
    words = []
    for command in (["bwrap", "--version"], ["crun", "--version"], ["runc", "--version"], ["firejail", "--version"]):
        if shutil.which(command[0]):
            words.append(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()[0].replace(" version", ""))
    return ", ".join(words)


def profile_file(name, text):
    path = os.path.join(os.environ["HOME"], f"bench-{name}.toml")
    with open(path, "w") as file:
        file.write(f'schema = 1\n[app]\nid = "bench-{name}"\nextends = ["class/headless"]\n{text}')
    time.sleep(2.1)  # a profile that was written within the last second is not kept
    return path


def sources(count):
    """Files and folders of the user's, half of each."""
    paths = []
    for number in range(count):
        path = os.path.join(os.environ["HOME"], f"bench-sources/{number}")
        if number % 2:
            os.makedirs(path, exist_ok=True)
        else:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, "a").close()
        paths.append(path)
    return paths


def grants(paths):
    return "[files]\n" + "".join(f'"{path}" = {{ access = "ro", target = "/data/{number}" }}\n' for number, path in enumerate(paths))


def beside(bench, title, profile, targets, with_runtimes=True, options=()):
    plan = peers.plan_of(bench.sandbox, profile, [TRUE], options)
    encoded = bench.encoded(profile, options)
    once(bench.run(profile, options=options))  # its plan is kept from here on
    rows = {"bwrap": peers.bwrap(plan, bench.made(encoded, "--filter")), "sandbox run, unchanged": bench.run(profile, options=options),
            "sandbox run, cold": bench.cold(profile, options), "floor": bench.floor(encoded), "plain exec": Command(TRUE)}
    if with_runtimes:
        folder = os.path.join(os.environ["HOME"], "bench-bundles")
        for name in ("crun", "runc"):
            if shutil.which(name):
                rows[name] = peers.runtime(name, bench.sandbox, profile, folder)
        if shutil.which("firejail"):
            rows["firejail"] = peers.firejail()
    table(f"{title}: {len(plan['mounts'])} mounts in the plan, {bench.rounds} rounds, ratios to bwrap", rounds_of(rows, bench.rounds), "bwrap", targets)


def minimal(bench):
    beside(bench, "minimal", "minimal",
           [("sandbox run, unchanged", "bwrap", 0.50), ("sandbox run, cold", "bwrap", 0.60), ("sandbox run, unchanged", "floor", 1.5),
            ("sandbox run, unchanged", "crun", 0.25), ("sandbox run, unchanged", "firejail", 0.08), ("sandbox run, unchanged", "runc", 0.10)])


def desktop_profile(name="desktop"):
    shared = sorted(entry.path for entry in os.scandir("/usr/share") if entry.is_dir(follow_symlinks=False))
    libraries = sorted(entry.path for entry in os.scandir("/usr/lib") if entry.is_dir(follow_symlinks=False))
    return profile_file(name, '[network]\nmode = "loopback"\n[mask]\n' + f"paths = {json.dumps(shared[:20])}\nreadonly = {json.dumps(libraries[:10])}\n" + grants(sources(60)))


def desktop(bench):
    beside(bench, "desktop: 60 binds, 20 masks, 10 read-only paths, a filter", desktop_profile(),
           [("sandbox run, unchanged", "bwrap", 0.15), ("sandbox run, unchanged", "floor", 1.3)])


def firefox(bench):
    if not os.path.exists("/usr/bin/firefox-esr"):
        return print("\nfirefox: not installed, left out")
    # Of several at once each is on its own: a start that joins another one makes nothing.
    beside(bench, "the shipped profile of Firefox, up to exec", "firefox", [], with_runtimes=False, options=("--set", 'app.single-instance="new"'))


def growth(bench, what, profile_of, bwrap_most):
    print(f"\n{what}: milliseconds, medians of {max(3, bench.rounds // 10)} rounds")
    print(f"{'N':>6} {'sandbox':>9} {'floor':>9} {'bwrap':>9} {'ratio':>7}")
    times = {}
    for count in (10, 100, 300, 1000, 3000):
        profile = profile_of(count)
        plan, encoded = peers.plan_of(bench.sandbox, profile, [TRUE]), bench.encoded(profile)
        rows = {"sandbox": bench.run(profile), "floor": bench.floor(encoded)}
        if count <= bwrap_most:
            rows["bwrap"] = peers.bwrap(plan, bench.made(encoded, "--filter"))
        found = rounds_of(rows, max(3, bench.rounds // 10) if count < 3000 else 3)
        times[count] = {name: median([each[0] for each in samples]) * 1000 for name, samples in found.items()}
        beside_bwrap = f"{times[count]['bwrap']:9.2f} {ratio(found['sandbox'], found['bwrap']):7.4f}" if "bwrap" in found else f"{'refused':>9}"
        print(f"{count:>6} {times[count]['sandbox']:9.2f} {times[count]['floor']:9.2f} {beside_bwrap}", flush=True)
        if count == 1000 and "bwrap" in found:
            say_target(f"{what} 1000, sandbox / bwrap", ratio(found["sandbox"], found["bwrap"]), 0.012 if what == "binds" else 1)
    more = [times[count]["sandbox"] - times[10]["sandbox"] for count in (100, 1000)]
    if min(more) <= 0:
        return print(f"   {what}: the growth is lost in the noise of this machine")
    say_target(f"{what}, exponent of the growth from 100 to 1000", math.log(more[1] / more[0]) / math.log(990 / 90), 1.05)


def binds(bench):
    growth(bench, "binds", lambda count: profile_file(f"binds-{count}", grants(sources(count))), 1000)


def masks(bench):
    def profile_of(count):
        folder = os.path.join(os.environ["HOME"], "bench-masked")
        for number in range(count):
            os.makedirs(os.path.join(folder, str(number)), exist_ok=True)
        paths = [os.path.join(folder, str(number)) for number in range(count)]
        return profile_file(f"masks-{count}", f'[files]\n"{folder}" = "ro"\n[mask]\npaths = {json.dumps(paths)}\n')
    growth(bench, "masks", profile_of, 1000)


def starts(bench):
    """Throughput of 200 starts, several at once."""
    for title, profile, target in (("minimal", "minimal", 1.8), ("desktop", desktop_profile("starts"), 6)):
        plan, encoded = peers.plan_of(bench.sandbox, profile, [TRUE]), bench.encoded(profile)
        rows = {"sandbox": bench.run(profile), "bwrap": peers.bwrap(plan, None)}
        count = 200 if bench.rounds >= 10 else 40
        print(f"\n{title}: {count} starts, starts a second")
        print(f"{'at once':>8} {'sandbox':>9} {'bwrap':>9} {'ratio':>7}")
        for width in (1, 2, 4, 8, 16):
            rates = {name: [] for name in rows}
            for _ in range(3):
                for name, command in rows.items():
                    rates[name].append(count / many(command, count, width))
            found = {name: median(values) for name, values in rates.items()}
            print(f"{width:>8} {found['sandbox']:9.1f} {found['bwrap']:9.1f} {found['sandbox'] / found['bwrap']:7.2f}", flush=True)
            if width in (4, 16):
                say_target(f"{title}, {width} at once, sandbox / bwrap", found["sandbox"] / found["bwrap"], target, least=True)


def many(command, count, width):
    """Seconds for `count` starts, `width` at once. Data descriptors of bwrap are shared by position, so each has its own copy."""
    statuses = []

    def work(share):
        for _ in range(share):
            statuses.append(os.waitpid(spawn(command), 0)[1])
            if statuses[-1] != 0:
                return
    threads = [threading.Thread(target=work, args=(count // width,), daemon=True) for _ in range(width)]
    with Patience(f"{count} starts of {' '.join(command.words)[:100]}", 300):
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.perf_counter() - began
    check(command, max(statuses))
    return took


def leave(bench):
    """From the app's end to the launcher's."""
    stamp = bench.tool("stamp")
    options = ("--bind", stamp)
    plan = json.loads(peers.asked([bench.sandbox, "run", "--dry-run", "--json", "--profile", "minimal", *options, "--", stamp]))
    rows = {"bwrap": peers.bwrap(plan, None, (stamp,)), "sandbox": bench.run("minimal", stamp, options=options)}

    def sample(command):
        rewind(command)
        read, write = os.pipe()
        with Patience(" ".join(command.words)[:100]):
            child = spawn(command, stdout=write)
            os.close(write)
            status = os.waitpid(child, 0)[1]
        ended = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        check(command, status)
        said = os.read(read, 64) if select.select([read], [], [], 0)[0] else b""
        os.close(read)
        if not said:
            raise Failed(f"{' '.join(command.words)[:100]} does not say when it ends")
        return ((ended - int(said)) / 1e9, 0)

    found = rounds_of(rows, bench.rounds, sample)
    print("\nfrom the app's end to the launcher's, milliseconds")
    if "bwrap" not in found:
        raise Failed("without bwrap there is nothing to compare with")
    for name, samples in found.items():
        print(f"{name:40} {median([each[0] for each in samples]) * 1000:8.3f} {ratio(samples, found['bwrap']):7.3f}")
    say_target("exit, sandbox / bwrap", ratio(found["sandbox"], found["bwrap"]), 0.7)


def join(bench):
    """A process more in a running sandbox, beside nsenter into the same namespaces."""
    running = bench.running("minimal", "bench-exec")
    with running:
        rows = {"nsenter": Command(shutil.which("nsenter"), "--target", running.app, "--user", "--preserve-credentials", "--mount", "--uts", "--ipc", "--net",
                                   "--pid", "--cgroup", TRUE),
                "sandbox exec": Command(bench.sandbox, "exec", "bench-exec", "--", TRUE)}
        found = rounds_of(rows, bench.rounds)
    table("exec into a running sandbox, ratios to nsenter (which confines nothing)", found, "nsenter", [("sandbox exec", "nsenter", 1.3)])


def calls(bench):
    path = os.path.join(os.environ["HOME"], "bench-filter")
    with open(path, "wb") as file:
        file.write(bench.made(bench.encoded("minimal"), "--filter"))
    rows = {}
    for line in peers.asked([bench.tool("calls"), path]).decode().splitlines():
        name, *figures = line.split()
        rows[name] = [float(figure) for figure in figures]
    print("\nsystem calls under a filter, nanoseconds; loading it, microseconds")
    print(f"{'':20} {'getppid':>9} {'ioctl':>9} {'load':>9}")
    for name, figures in rows.items():
        print(f"{name:20} {figures[0]:9.1f} {figures[1]:9.1f} {figures[2]:9.1f}")
    say_target("getppid, ours / deny-40", rows["ours"][0] / rows["deny-40"][0], 1.02)
    say_target("ioctl, ours / allow-linear", rows["ours"][1] / rows["allow-linear"][1], 0.85)
    say_target("load, ours / allow-linear", rows["ours"][2] / rows["allow-linear"][2], 0.4)
