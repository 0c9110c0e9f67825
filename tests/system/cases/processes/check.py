"""A fork bomb stays under pids.max, is told, and ends at one word."""
from manager import *

BOMB = "import os, time\nfailed = 0\nfor _ in range(200):\n    try:\n        if os.fork() == 0:\n            time.sleep(600)\n    except BlockingIOError:\n        failed += 1\nprint('failed', failed, flush=True)\ntime.sleep(600)\n"
with running("bomb", "/usr/bin/python3", "-c", BOMB, options=["--pids", "40"]) as process:
    follower = subprocess.Popen([SANDBOX, "events", "--follow", "--json", "bomb"], stdout=subprocess.PIPE, text=True)
    failed = int(process.stdout.readline().split()[1])
    check(failed >= 160, f"forks that failed: {failed}")
    figures = json.loads(verb("stats", "--json", "bomb").stdout)
    equal(figures["pids.max"], 40, "pids.max")
    check(30 <= figures["pids.current"] <= 40, f"pids.current: {figures['pids.current']}")
    check(figures["pids.events"]["max"] > 0, f"pids.events: {figures['pids.events']}")
    one_error(verb("exec", "bomb", "--", "/bin/true"), 125)
    # Who sees the sandbox from outside has processes left.
    equal(run("/bin/echo", "still").stdout, "still\n", "a process of the user")
    leaf = os.path.join(json.loads(verb("state", "bomb").stdout)["cgroup"], "app")
    members = read(leaf, "cgroup.procs").split()
    check(len(members) >= 30, f"members: {len(members)}")
    succeeds(verb("kill", "--all", "bomb"), "kill")
    equal(process.wait(60), 137, "the status")
    wait_until("no process of the bomb", lambda: not any(os.path.exists(f"/proc/{pid}") for pid in members))
    told = [json.loads(line) for line in follower.communicate(timeout=60)[0].splitlines()]
    check(any(event["event"] == "pids-max" and event["count"] > 0 for event in told), f"told: {told}")
    equal(told[-1]["event"], "exit", f"told at the end: {told}")
nothing_left()
