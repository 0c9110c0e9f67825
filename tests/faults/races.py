"""At every path that the launcher or the helper names to the kernel, something on the way is exchanged for a decoy."""
import os
import shutil

from start import APP, SECRET

OURS = ("sandbox", "sandbox-helper", "sandbox-helper.1", "sandbox-helper.1.1")
ID = "races"
DECOY = "decoy: something else than was looked at"
KEPT = f".local/share/sandbox/homes/{APP}/.config"
# It reads all that it is given, and writes where it may.
INSIDE = "cat ~/papers/* ~/papers/private/* ~/letters/* ~/.config/* 2>/dev/null; echo inside >~/papers/written; echo inside >~/.config/written; exit 7"
RUN = ["--id", ID, "--", "/bin/sh", "-c", INSIDE]

# What an earlier run, or another program of the user, could lay in the way.
PLACES = {
    "a grant": "papers",
    "a grant to read": "letters",
    "a covered folder": "papers/private",
    "the kept folder": KEPT,
    "the home of the app": os.path.dirname(KEPT),
    "all homes": os.path.dirname(os.path.dirname(KEPT)),
    "the record": None,
    "all records": None,
}
# A link to a canary in a place that is never granted for writing, and a folder.
KINDS = ("link", "folder")
CANARY = ".config/sandbox/secret"


def may_be_shown(place, kind, process):
    """Whether the decoy may be what the application gets. What stands there before the launcher has looked is what was
    meant; once the helper has its plan nothing else will do. No link is followed to a folder of our own, nor by a grant to a
    place that may not be written; a program outside that replaces a covered folder takes the cover along."""
    if place == "a covered folder":
        return kind == "folder"
    return process == "sandbox" and (kind == "folder" or place == "a grant to read")


def inode(path):
    try:
        return os.lstat(path).st_ino
    except FileNotFoundError:
        return None


class Races:
    def __init__(self, user):
        self.user = user
        self.decoys = os.path.join(user.home, "decoys")

    def path(self, place):
        if place == "the record":
            return os.path.join(self.user.records, ID)
        if place == "all records":
            return self.user.records
        return os.path.join(self.user.home, PLACES[place])

    def make(self):
        """The home anew, with a decoy for each kind."""
        user = self.user
        user.make_home()
        os.mkdir(self.decoys)
        for name in ("a.txt", "canary"):
            user.write(f"{CANARY}/{name}", SECRET)
        os.symlink(os.path.join(user.home, CANARY), os.path.join(self.decoys, "link"))
        self.make_folder()

    def make_folder(self):
        folder = os.path.join(self.decoys, "folder")
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("a.txt", "private/b.txt", "state", "plan", "control"):
            self.user.write(f"decoys/folder/{name}", DECOY)
        self.user.own()
        self.user.before = self.user.tree()

    def plan(self, stride):
        seen = self.user.start(RUN, ())
        if seen.status != 7 or seen.err or "papers\n" not in seen.out or SECRET in seen.out:
            raise RuntimeError(f"the start to be raced does not work: {seen.status} {seen.err}")
        self.clear()
        stops = [stop["stop"] for stop in seen.trace["stops"] if stop["paths"] and stop["process"] in OURS]
        pairs = [(stop, place, kind) for stop in stops for place in PLACES for kind in KINDS]
        return pairs[::stride], len(stops), len(pairs)

    def clear(self):
        """Takes away what the application wrote where it may."""
        for written in ("papers/written", f"{KEPT}/written"):
            if os.path.exists(os.path.join(self.user.home, written)):
                os.unlink(os.path.join(self.user.home, written))

    def judge(self, stop, place, kind):
        user, path, decoy = self.user, self.path(place), os.path.join(self.decoys, kind)
        its_inode = inode(decoy)
        outcome = user.start(RUN, ("--swap", stop, path, decoy))
        action, problems, process = outcome.trace["actions"][0], [], stop.split("/")[0]
        self.restore(path, decoy, its_inode)
        self.clear()
        allowed = may_be_shown(place, kind, process)
        if SECRET in outcome.out and not (allowed and place == "a grant to read"):
            problems.append("the canary was read")
        touched = kind == "folder" and (DECOY in outcome.out or any(user.tree().get(name) != user.before.get(name)
                                        for name in user.tree() | user.before if name.startswith("decoys/folder")))
        if touched and not allowed:
            problems.append("the decoy was read or changed")
        if outcome.trace["survivors"]:
            problems.append(f"not ended: {outcome.trace['survivors']}")
        if not action["done"]:
            # The last stop of a launcher that does not keep its plan, as something has just been exchanged.
            how = "the stop was not met"
            if process != "sandbox" or outcome.status != 7:
                problems.append(how)
        elif outcome.status == 7:
            how = "nothing there to exchange" if action["result"] != 0 else "ran with what was meant" if not touched else "ran with the decoy, in time"
        else:
            how = "refused"
            if len(outcome.errors) != 1 or not outcome.errors[0].startswith("sandbox: "):
                problems.append(f"not one line: {outcome.err!r}")
            if outcome.status not in (125, 126, 127):
                problems.append(f"status {outcome.status}")
        if touched and allowed:
            self.make_folder()
        problems += user.left(after_next_verb=True)
        if problems:
            self.make()
        return [f"{problem} (status {outcome.status}, stderr {outcome.err!r})" for problem in problems], how

    def restore(self, path, decoy, its_inode):
        """Puts the decoy back, and what it stood for if that is still there."""
        if inode(path) != its_inode:
            return
        held = os.path.join(self.user.home, "held")
        there = os.path.lexists(decoy)
        if there:
            os.rename(decoy, held)
        os.rename(path, decoy)
        if there and os.path.isdir(os.path.dirname(path)):
            os.rename(held, path)
