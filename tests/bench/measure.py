"""Interleaved measuring: every command once a round, in random order; medians, and the median of the ratios of each round.

The ratio of a round is taken between commands that ran within milliseconds of each other, so it holds still on a busy
machine; milliseconds do not."""
import os
import random
import signal
import statistics
import subprocess
import sys
import time

PATIENCE = 60  # seconds: nothing that is measured takes nearly as long


class Failed(Exception):
    """One line: what cannot be measured, and why."""


class Command:
    """Words, and descriptors that they name: files that each run reads from their start. `before` and `after` are not measured.
    Of a `peer` that fails the row is left out; all else that fails ends the case."""

    def __init__(self, *words, descriptors=(), before=None, after=None, peer=False, environment=None):
        self.words, self.descriptors, self.before, self.after = [str(word) for word in words], descriptors, before, after
        self.peer, self.environment = peer, environment or {}


def spawn(command, stdout=None):
    actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)]
    if stdout is None:
        actions.append((os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0))
    else:
        actions.append((os.POSIX_SPAWN_DUP2, stdout, 1))
    return os.posix_spawn(command.words[0], command.words, {**os.environ, **command.environment}, file_actions=actions)


class Patience:
    """Ends what takes too long: a wait within it is interrupted by Failed."""

    def __init__(self, what, seconds=PATIENCE):
        self.what, self.seconds = what, seconds

    def late(self, *_):
        raise Failed(f"{self.what} does not end within {self.seconds} s")

    def __enter__(self):
        signal.signal(signal.SIGALRM, self.late)
        signal.alarm(self.seconds)

    def __exit__(self, *_):
        signal.alarm(0)


def rewind(command):
    for number in command.descriptors:
        os.lseek(number, 0, os.SEEK_SET)


def check(command, status):
    """Fails unless `status` is 0, with what the command says when it is run once more."""
    if os.waitstatus_to_exitcode(status) == 0:
        return
    rewind(command)
    try:
        said = subprocess.run(command.words, env={**os.environ, **command.environment}, pass_fds=command.descriptors, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=PATIENCE).stderr.decode(errors="replace").strip().splitlines()
    except subprocess.TimeoutExpired:
        said = ["it hangs"]
    raise Failed(f"{' '.join(command.words)[:100]} ends with status {os.waitstatus_to_exitcode(status)}{': ' + said[-1][:300] if said else ''}")


def once(command):
    """Wall and processor seconds from spawn to reaped, of the whole tree that was waited for."""
    if command.before:
        command.before()
    rewind(command)
    with Patience(" ".join(command.words)[:100]):
        began = time.perf_counter()
        child = spawn(command)
        try:
            _, status, usage = os.wait4(child, 0)
        except Failed:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            raise
        wall = time.perf_counter() - began
    if command.after:
        command.after()
    check(command, status)
    return wall, usage.ru_utime + usage.ru_stime


def rounds_of(rows, rounds, sample=once):
    """{name: Command} to {name: [sample]}; the first two rounds warm the caches and are dropped."""
    found = {name: [] for name in rows}
    for number in range(rounds + 2):
        order = list(found)
        random.shuffle(order)
        for name in order:
            try:
                value = sample(rows[name])
            except Failed as why:
                if not rows[name].peer:
                    raise
                print(f"   {name} is left out: {why}")
                del found[name]
                continue
            if number >= 2:
                found[name].append(value)
    return found


def median(values):
    return statistics.median(values)


def ratio(samples, base, index=0):
    return statistics.median(a[index] / b[index] for a, b in zip(samples, base) if b[index] > 0)


def table(title, found, base, targets=()):
    """Prints wall and processor milliseconds and the ratio to `base`; `targets`: (row, against, at most)."""
    print(f"\n{title}")
    if base not in found:
        raise Failed(f"without {base} there is nothing to compare with")
    print(f"{'':40} {'wall ms':>8} {'cpu ms':>8} {'ratio':>7}")
    for name, samples in found.items():
        wall, cpu = (median([each[index] for each in samples]) * 1000 for index in (0, 1))
        print(f"{name:40} {wall:8.2f} {cpu:8.2f} {ratio(samples, found[base]):7.3f}")
    for row, against, most in targets:
        if against in found:
            say_target(f"{row} / {against}", ratio(found[row], found[against]), most)
        else:
            print(f"   {row} / {against}: not measured, target at most {most:g}")
    sys.stdout.flush()


def say_target(what, value, most, least=False):
    met = value >= most if least else value <= most
    print(f"   {what}: {value:.3f}, target {'at least' if least else 'at most'} {most:g}: {'met' if met else 'MISSED'}", flush=True)
