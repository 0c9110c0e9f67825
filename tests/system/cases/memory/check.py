"""A memory hog is killed inside its limit, the rest lives on, and whoever follows is told; with memory.oom.group all goes."""
from manager import *

HOG = "import time; kept = []\nfor _ in range(400): kept.append(bytearray(b'x') * 1048576)\n" # a megabyte at a time, touched
LIMIT = 64 << 20
options = ["--memory", "64M", "--set", 'limits."memory.swap.max"="0"']
script = f"while [ ! -e /tmp/go ]; do sleep 0.1; done; /usr/bin/python3 -c \"{HOG}\"; echo hog $?; sleep 600"
with running("fed", "/bin/sh", "-c", script, options=options) as process:
    equal(verb("oom", "fed").stdout, "", "events before")
    followers = [subprocess.Popen([SANDBOX, name, "--follow", "--json", "fed"], stdout=subprocess.PIPE, text=True) for name in ("oom", "events")]
    succeeds(verb("exec", "fed", "--", "/bin/touch", "/tmp/go"), "a guest")
    equal(process.stdout.readline(), "hog 137\n", "the hog's end; the shell lives on")
    state = json.loads(verb("state", "fed").stdout)
    figures = json.loads(verb("stats", "--json", "fed").stdout)
    equal(figures["memory.max"], LIMIT, "memory.max")
    check(figures["memory.peak"] <= LIMIT if "memory.peak" in figures else True, f"the peak: {figures.get('memory.peak')}")
    equal(figures["memory.events"]["oom_kill"], 1, f"memory.events: {figures['memory.events']}")
    check(figures["memory.events"]["max"] > 0, f"memory.events: {figures['memory.events']}")
    check("processes killed for it: 1" in verb("stats", "fed").stdout, "stats for people")
    check("oom-kill 1" in verb("oom", "fed").stdout, f"oom: {verb('oom', 'fed').stdout}")
    equal(group_of(state["supervisor-pid"]).rsplit("/", 1)[1], "supervisor", "the supervisor lives on in its leaf")
    succeeds(verb("kill", "--all", "fed"), "kill")
    for follower in followers:
        told = [json.loads(line) for line in follower.communicate(timeout=60)[0].splitlines()]
        kills = [event for event in told if event["event"] == "oom-kill"]
        equal([(event["instance"], event["count"]) for event in kills], [("fed", 1)], f"told: {told}")
        equal((told[-1]["event"], told[-1]["status"]), ("exit", 137), f"told at the end: {told}")
# The app itself is what is killed: its status says so, its followers are told although its group is gone at once.
with running("fed", "/bin/sh", "-c", f"while [ ! -e /tmp/go ]; do sleep 0.1; done; exec /usr/bin/python3 -c \"{HOG}\"",
             options=[*options, "--set", 'limits."oom.group"=true']) as process:
    follower = subprocess.Popen([SANDBOX, "oom", "--follow", "--json", "fed"], stdout=subprocess.PIPE, text=True)
    time.sleep(1)
    succeeds(verb("exec", "fed", "--", "/bin/touch", "/tmp/go"), "a guest")
    equal(process.wait(60), 137, "the status")
    _, said = process.communicate()
    check("memory" in said and "memory.max" in said, f"what is told of the end: {said!r}")
    told = [json.loads(line) for line in follower.communicate(timeout=60)[0].splitlines()]
    check(any(event["event"] == "oom-kill" and event["count"] >= 1 for event in told), f"told: {told}")
    equal((told[-1]["event"], told[-1]["status"]), ("exit", 137), f"told at the end: {told}")
nothing_left()
