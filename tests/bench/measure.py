"""Interleaved measuring: every command once a round, in random order; medians, and the median of the ratios of each round.

The ratio of a round is taken between commands that ran within milliseconds of each other, so it holds still on a busy
machine; milliseconds do not."""
import os
import random
import statistics
import sys
import time


class Command:
    """Words, and descriptors that they name: files that each run reads from their start. `before` and `after` are not measured."""

    def __init__(self, *words, descriptors=(), before=None, after=None):
        self.words, self.descriptors, self.before, self.after = [str(word) for word in words], descriptors, before, after


def spawn(command, stdout=None):
    actions = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)]
    if stdout is None:
        actions.append((os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0))
    else:
        actions.append((os.POSIX_SPAWN_DUP2, stdout, 1))
    return os.posix_spawn(command.words[0], command.words, os.environ, file_actions=actions)


def once(command, wanted=0):
    """Wall and processor seconds from spawn to reaped, of the whole tree that was waited for."""
    if command.before:
        command.before()
    for number in command.descriptors:
        os.lseek(number, 0, os.SEEK_SET)
    began = time.perf_counter()
    _, status, usage = os.wait4(spawn(command), 0)
    wall = time.perf_counter() - began
    if command.after:
        command.after()
    if os.waitstatus_to_exitcode(status) != wanted:
        sys.exit(f"bench: status {os.waitstatus_to_exitcode(status)} of {' '.join(command.words)[:300]}")
    return wall, usage.ru_utime + usage.ru_stime


def rounds_of(rows, rounds, sample=once):
    """{name: Command} to {name: [sample]}; the first two rounds warm the caches and are dropped."""
    found = {name: [] for name in rows}
    for number in range(rounds + 2):
        order = list(rows)
        random.shuffle(order)
        for name in order:
            value = sample(rows[name])
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
    print(f"{'':40} {'wall ms':>8} {'cpu ms':>8} {'ratio':>7}")
    for name, samples in found.items():
        wall, cpu = (median([each[index] for each in samples]) * 1000 for index in (0, 1))
        print(f"{name:40} {wall:8.2f} {cpu:8.2f} {ratio(samples, found[base]):7.3f}")
    for row, against, most in targets:
        if row in found and against in found:
            say_target(f"{row} / {against}", ratio(found[row], found[against]), most)
    sys.stdout.flush()


def say_target(what, value, most, least=False):
    met = value >= most if least else value <= most
    print(f"   {what}: {value:.3f}, target {'at least' if least else 'at most'} {most:g}: {'met' if met else 'MISSED'}")
