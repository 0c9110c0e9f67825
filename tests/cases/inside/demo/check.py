"""The demo finds nothing that it should not, from an installed tree, and under `--profile demo`."""
from support import *

done = run(SANDBOX, "run", "demo")
equal(done.returncode, 0, f"status of the demo: {done.stdout}{done.stderr}")
check("BAD" not in done.stdout and "Everything that should be refused was refused" in done.stdout, done.stdout)
equal(done.stderr, "", "stderr")
done = run(SANDBOX, "run", "--profile", "demo", "--", "sh", "-c", "echo in a shell")
equal((done.returncode, done.stdout), (0, "in a shell\n"), "a shell under the demo's profile")
