"""What stays beside the app: two small processes. A second after the start no code of a library is left in their memory, of the
profile's reader (toml++) not one function, and GLib was never there."""
import re

from life.helpers import *


def pages(pid, program):
    """The pages of the program's file in that process' memory, by their number in the file's image; and how many it has at all."""
    with open(f"/proc/{pid}/maps") as file:
        areas = [line.split(maxsplit=5) for line in file]
    areas = [tuple(int(end, 16) for end in area[0].split("-")) for area in areas if len(area) > 5 and area[5].strip() == program]
    start, found = min(areas)[0], set()
    with open(f"/proc/{pid}/pagemap", "rb") as file:  # proc_pid_pagemap(5): bit 63 is `present`
        for low, high in areas:
            file.seek(low // 4096 * 8)
            entries = file.read((high - low) // 4096 * 8)
            found |= {(low - start) // 4096 + index for index in range(len(entries) // 8) if entries[index * 8 + 7] & 0x80}
    return found, sum(high - low for low, high in areas) // 4096


def functions(program):
    """Pages of each function of the program that is toml++'s. A packaged program has lost its symbols: there the number of pages has to do."""
    found, done = {}, run("nm", "-C", "-S", "--defined-only", program)
    for line in done.stdout.splitlines():
        if match := re.match(r"([0-9a-f]{16}) ([0-9a-f]{16}) [tTwW] (.*toml::.*)", line):
            first, size = int(match[1], 16), int(match[2], 16)
            found[match[3]] = set(range(first // 4096, (first + max(size, 1) - 1) // 4096 + 1))
    check(len(found) > 50 or "no symbols" in done.stderr, f"functions of toml++ in {program}: {len(found)}, {done}")
    return found


def code(pid):
    """kB of code in that process' memory, by file."""
    found, name = {}, None
    with open(f"/proc/{pid}/smaps") as file:
        for line in file:
            words = line.split(maxsplit=5)
            if not words[0].endswith(":"):
                name = words[5].strip() if "x" in words[1] and len(words) > 5 and words[5].startswith("/") else None
            elif name and words[0] == "Rss:":
                found[name] = found.get(name, 0) + int(words[1])
    return found


with running("resting", "/bin/sleep", "60"):
    state = json.loads(verb("state", "resting").stdout)
    app, supervisor = state["app-pid"], state["supervisor-pid"]
    init = int(status_of(app)["PPid"])
    equal(set(own_processes().values()) - {"sleep"}, {"sandbox-helper"}, "what stays")
    equal(sorted(pid for pid, name in own_processes().items() if name == "sandbox-helper"), sorted((init, supervisor)), "our processes")
    program = os.path.realpath(f"/proc/{supervisor}/exe")
    readers = functions(program)
    # Process 1 is the same program and rests the same way; only root can look into it (tests/bench has the figure of both).
    wait_until("the supervisor rests", lambda: sum(code(supervisor).values()) <= 64, 30)
    equal(list(code(supervisor)), [program], "files that code is mapped from")
    present, all_of_it = pages(supervisor, program)
    check(0 < len(present) < 64 < all_of_it, f"{len(present)} of {all_of_it} pages")
    equal([name for name, where in readers.items() if where & present], [], "functions of toml++ in memory")
