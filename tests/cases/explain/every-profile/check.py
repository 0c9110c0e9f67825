"""Every shipped profile resolves."""
from support import *
import glob

folder = os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "share/sandbox/apps")
names = sorted(os.path.basename(path)[:-5] for path in glob.glob(f"{folder}/*.toml"))
check(len(names) >= 24, f"profiles in {folder}: {names}")
for name in names:
    done = run(SANDBOX, "explain", "--json", name)
    # What is not installed on this host cannot be resolved, and is said to be so.
    if done.returncode == 127 or "no such" in done.stderr.lower():
        continue
    equal((done.returncode, done.stderr if done.returncode else ""), (0, ""), f"explain {name}")
    json.loads(done.stdout)
