"""One Plan, three ways to hold a group: a scope, a delegated group, none; and what each of them can do is said."""
from manager import *

plans, elsewhere = [], os.path.join(HOME, "runtime")
os.mkdir(elsewhere, 0o700)
without_manager = {**os.environ, "XDG_RUNTIME_DIR": elsewhere}
for environment in (os.environ, without_manager):
    plan = json.loads(succeeds(run(SANDBOX, "explain", "--json", "--profile", "minimal", "--id", "same", "--", "/bin/true", env=environment), "explain"))
    plans.append(plan)
equal(plans[0], plans[1], "the Plan with and without a manager")
with running("scoped", "/bin/sleep", "60"):
    state = json.loads(verb("state", "scoped").stdout)
    check(state["unit"] and state["cgroup"].endswith("/" + state["unit"]), f"under a manager: {state}")
    succeeds(verb("pause", "scoped"), "pause")
    succeeds(verb("resume", "scoped"), "resume")
# No manager to be seen: a group of our own below the one that we are in.
process = subprocess.Popen([*MINIMAL, "--id", "below", "--", "/bin/sleep", "60"], env=without_manager, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
ask = lambda *words: run(SANDBOX, *words, env=without_manager)
wait_until("it runs", lambda: ask("state", "below").returncode == 0 and json.loads(ask("state", "below").stdout)["status"] == "running")
state = json.loads(ask("state", "below").stdout)
equal((state["unit"], state["cgroup"]), ("", GROUPS + group_of("self").rstrip("/")), "without a manager")
equal(os.path.basename(group_of(state["app-pid"])), "sandbox-below", "the app's group")
succeeds(ask("pause", "below"), "pause")
succeeds(ask("resume", "below"), "resume")
done = ask("exec", "below", "--", "/bin/cat", "/proc/self/cgroup")
check("0::/\n" in succeeds(done, "a guest"), f"a guest's group: {done.stdout!r}")
succeeds(ask("kill", "--all", "below"), "kill")
equal(process.wait(20), 137, "the status")
equal(process.stderr.read(), "", "what is said of a group without limits")
wait_until("its group is gone", lambda: not os.path.exists(os.path.join(state["cgroup"], "sandbox-below")))
# The controllers of that group are not handed down: a limit is told, once, or required and then nothing starts.
limit = ["--set", 'limits."pids.max"="50"']
done = run(*MINIMAL, *limit, "--", "/bin/echo", "in", env=without_manager)
equal((done.returncode, done.stdout, done.stderr.count("\n")), (0, "in\n", 1), f"a limit that cannot be had: {done.stderr!r}")
check("pids" in done.stderr and "not in force" in done.stderr, done.stderr)
one_error(run(*MINIMAL, *limit, "--set", 'limits.required="true"', "--", "/bin/echo", "in", env=without_manager), 125, "limits are required", "pids")
# No control group at all, as where the hierarchy cannot be seen.
hidden = "mount -t tmpfs none /sys/fs/cgroup && exec \"$@\""
done = run("unshare", "--user", "--map-current-user", "--mount", "--keep-caps", "sh", "-c", hidden, "-", *MINIMAL, "--", "/bin/echo", "in", env=without_manager)
equal((done.returncode, done.stdout), (0, "in\n"), f"without control groups: {done.stderr}")
nothing_left()
