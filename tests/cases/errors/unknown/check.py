"""Unknown profiles, verbs and options."""
from support import *

works()

one_error(run(SANDBOX, "run", "no-such-profile"), 127, "no-such-profile")
one_error(run(SANDBOX, "run", "firefxo"), 127, "firefxo", "firefox")
one_error(run(SANDBOX, "run", "--profile", "minimla", "--", "/bin/true"), 127, "minimla", "minimal")
one_error(run(SANDBOX, "rnu", "x"), 2, "rnu")
one_error(run(SANDBOX, "run", "--no-such-option", "x"), 2, "--no-such-option")
equal(run(SANDBOX, "run").returncode, 2, "run without a command")
equal(run(SANDBOX).returncode, 2, "no verb")
one_error(run(SANDBOX, "run", "a\x1b[31m\nb"), 127, "\\")
done = run(SANDBOX, "--help")
check(done.returncode == 0 and "run" in done.stdout and "explain" in done.stdout, f"--help: {done}")
done = run(SANDBOX, "run", "--help")
check(done.returncode == 0 and "--profile" in done.stdout and "--bind" in done.stdout, f"run --help: {done}")
