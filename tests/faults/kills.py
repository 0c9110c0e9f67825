"""Every process of a start is killed at every step of every process: nothing is left once the next verb has run."""
from calls import words_of
from start import RUN, SECRET, stops_of


def plan(user, stride, kind=RUN):
    """The injections: (stop, victim). At each stop its own process; of the others, and of all at once, every `stride`-th."""
    if kind.kept:
        user.keep_plan(words_of(kind), kind)
    seen = user.start(words_of(kind), (), kind.kept, kind)
    if seen.status != 7 or seen.err:
        raise RuntimeError(f"the start to be broken does not work: {kind.name}: {seen.status} {seen.err}")
    user.ran()
    found = []
    stops = stops_of(seen.trace, kind)
    for number, stop in enumerate(stops):
        process = stop["process"]
        # The launcher is alone: whoever else is killed is not there yet.
        others = [] if process == "sandbox" else [name for name in [*kind.processes][1:] if name != process]
        for index, victim in enumerate([process, "", *others]):
            if (number + 3 * index) % stride == 0:
                found.append((stop["stop"], victim))
    return found, len(stops)


def judge(user, stop, victim, kind=RUN):
    """(what is wrong: texts, how it went). No victim: all at once."""
    action = ("--kill", stop, victim) if victim else ("--stop", stop)
    if kind.kept:
        user.keep_plan(words_of(kind), kind)
    outcome = user.start(words_of(kind), action, kind.kept, kind)
    problems, done = [], outcome.trace["actions"][0]
    ran = user.ran()
    if outcome.trace["survivors"]:
        problems.append(f"not ended: {outcome.trace['survivors']}")
    if SECRET in outcome.out:
        problems.append("the canary was read")
    if not done["done"] or done["result"] != 0:
        # The victim may not be born yet, or be gone: the order of two processes is nobody's.
        how = "nobody there"
        if outcome.status != 7 or not ran:
            problems.append("it did not run although nobody was killed")
    else:
        how = "ended by it" if outcome.status != 7 else "ended before"
        # 137: the killed one, or its word on the application; 125: an error of ours; 7: the application was quicker. A terminal
        # closes when process 1 begins to end: where it has not done so a second later, that is a hang-up (129).
        if outcome.status not in (137, 125, 7, *([129] if "--tty" in kind.words else [])):
            problems.append(f"status {outcome.status}")
        if len(outcome.errors) > 1 or any(not line.startswith("sandbox: ") for line in outcome.errors):
            problems.append(f"more than one line: {outcome.err!r}")
    problems += user.left(after_next_verb=True)
    return [f"{problem} (status {outcome.status}, stderr {outcome.err!r})" for problem in problems], how
