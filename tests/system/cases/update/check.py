"""update changes the limits of a running sandbox, in the scope and in the leaf, reads them back, and records them; or nothing."""
from manager import *

there = read(GROUPS, "cgroup.controllers").split() if "user.slice" not in group_of("self") else read(
    GROUPS, f"user.slice/user-{os.getuid()}.slice/user@{os.getuid()}.service/cgroup.controllers").split()
with running("changing", "/bin/sleep", "600", options=["--set", "limits.required=\"off\""]):
    state = json.loads(verb("state", "changing").stdout)
    leaf = os.path.join(state["cgroup"], "app")
    rows = (("memory", ["--memory", "200M"], "memory.max", "209715200", "MemoryMax", "209715200"),
            ("pids", ["--pids", "77"], "pids.max", "77", "TasksMax", "77"),
            ("cpu", ["--cpus", "1.5"], "cpu.max", "150000 100000", "CPUQuotaPerSecUSec", "1.500000s"),
            ("memory", ["--set", "limits.memory.high=100M"], "memory.high", "104857600", "MemoryHigh", "104857600"),
            ("memory", ["--set", 'limits."oom.group"=true'], "memory.oom.group", "1", None, None),
            ("io", ["--set", "limits.io.weight=50"], "io.weight", "default 50", "IOWeight", "50"),
            ("cpuset", ["--set", "limits.cpuset.cpus=0"], "cpuset.cpus", "0", "AllowedCPUs", "0"))
    for controller, options, file, value, name, shown in rows:
        done = verb("update", *options, "changing")
        if controller in there:
            equal(succeeds(done, f"update {file}"), f"{file} {value}\n", "what is in force")
            equal(read(leaf, file), value, f"{file} of the leaf")
            if name:
                equal(show(state["unit"], name)[name], shown, f"{name} of the scope")
            planned = read(RECORDS, "changing/plan", binary=True)
            check(file.encode() in planned, f"{file} is not in the recorded plan")
        else:
            one_error(done, 125, file, "not delegated", "Delegate=", options[0])
            check(not os.path.exists(os.path.join(leaf, file)), f"{file} is there after all")
    equal(succeeds(verb("exec", "changing", "--", "/bin/echo", "in"), "a guest by the changed plan"), "in\n", "a guest")
    # All of it or nothing.
    if "memory" in there and "io" not in there:
        one_error(verb("update", "--memory", "300M", "--set", "limits.io.weight=10", "changing"), 125, "io.weight")
        equal(read(leaf, "memory.max"), "209715200", "memory.max after a refused update")
    if "memory" in there and "cpuset" in there:
        one_error(verb("update", "--memory", "300M", "--set", "limits.cpuset.cpus=4000", "changing"), 125, "cpuset.cpus")
        equal(read(leaf, "memory.max"), "209715200", "memory.max after an update that the kernel refused")
        equal(show(state["unit"], "MemoryMax")["MemoryMax"], "209715200", "MemoryMax after it")
    for wrong, needle in ((["--memory", "much"], "memory.max"), (["--memory", ""], "memory.max"), (["--pids", "-1"], "pids.max"), (["--pids", "0"], "pids.max"),
                          (["--cpus", "0"], "cpu.max"), (["--set", "home.mode=shared"], "limits"), (["--set", "limits.memory.mix=1"], "memory.max"), ([], "no limit")):
        one_error(verb("update", *wrong, "changing"), 2, needle)
one_error(verb("update", "--pids", "5", "changing"), 125, "changing")
nothing_left()
