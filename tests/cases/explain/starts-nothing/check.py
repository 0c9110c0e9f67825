"""explain prints the plan, with the place each item comes from, and changes nothing."""
from support import *

before = sorted(os.path.join(p, n) for p, d, f in os.walk(HOME) for n in d + f)
done = run(SANDBOX, "explain", "explain-case")
equal((done.returncode, done.stderr), (0, ""), "status and stderr")
for needle in ("/usr", "/proc", "org.example.Explain", "org.example.Explain.toml:", "Downloads"):
    check(needle in done.stdout, f"{needle!r} is not in the plan:\n{done.stdout}")
check(not os.path.exists(f"{HOME}/Downloads/started"), "it was started")
document = run(SANDBOX, "explain", "--json", "explain-case")
equal((document.returncode, document.stderr), (0, ""), "status and stderr of --json")
plan = json.loads(document.stdout)
equal(plan["app"], "org.example.Explain", "the app")
check(any("Downloads" in json.dumps(mount) for mount in plan["mounts"]), "Downloads among the mounts")
equal(plan["security"]["capabilities"], 0, "capabilities")
again = run(SANDBOX, "explain", "explain-case")
strip = lambda text: re.sub(r"org\.example\.Explain-\w{4}\b", "ID", text)
equal(strip(again.stdout), strip(done.stdout), "the plan a second time")
dry = run(SANDBOX, "run", "--dry-run", "explain-case")
equal((dry.returncode, strip(dry.stdout)), (0, strip(done.stdout)), "run --dry-run")
after = sorted(os.path.join(p, n) for p, d, f in os.walk(HOME) for n in d + f)
equal(after, before, "the home")
