"""The program tells its version and what it can do, and each thing that it names is one that it takes."""
from life.helpers import *

text = succeeds(verb("features"), "features")
found = json.loads(succeeds(verb("features", "--json"), "features --json"))
equal((found["type"], verb("--version").stdout), ("sandbox", f"sandbox {found['version']}\n"), "type and version")
equal(text.splitlines(), [" ".join([name, *(value if isinstance(value, list) else [value])]) for name, value in found.items()], "both forms")
for name in found["verbs"]:
    done = verb(name, "--help")
    check(done.stdout.startswith(f"Usage: sandbox {name} "), f"{name} --help: {done.stdout!r}")
for mode in found["networks"]:
    planned = verb("explain", "--json", "--profile", "minimal", "--net", mode, "--", "/bin/true")
    check(planned.returncode == 0 or (mode == "user" and "pasta" in planned.stderr), f"network {mode}: {planned.stderr!r}")
    if planned.returncode == 0:
        equal(json.loads(planned.stdout)["network"]["mode"], mode, "the network of the plan")
plan = json.loads(succeeds(verb("explain", "--json", "--profile", "minimal", "--", "/bin/true"), "explain"))
check(set(found["namespaces"]) >= {name for name, space in plan["namespaces"].items() if isinstance(space, dict) and space.get("mode") == "new"}, f"namespaces: {plan['namespaces']}")
check({mount["kind"] for mount in plan["mounts"]} <= set(found["mounts"]), "kinds of mounts")
equal(found["control-groups"], ["systemd", "delegated", "none"], "what holds the limits")
one_error(verb("features", "x"), 2, "x")
