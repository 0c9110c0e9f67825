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

# Options behind the name are the verb's own where no program follows, and a program's where one does.
plain = run(SANDBOX, "profile", "show", "--json", "minimal").stdout
check(plain.startswith("[") and run(SANDBOX, "profile", "show", "minimal", "--json").stdout == plain, "an option behind the name")
one_error(run(SANDBOX, "profile", "show", "minimal", "--jsn"), 2, "unknown option '--jsn'; did you mean '--json'?")
one_error(run(SANDBOX, "profile", "show", "minimal", "--", "--json"), 2, "'--json': expected one profile only")
one_error(run(SANDBOX, "kill", "nobody", "--signal"), 2, "option '--signal' needs an argument")
check("Usage: sandbox kill" in run(SANDBOX, "kill", "nobody", "--help").stdout, "--help behind a name")
check('"--json"' in run(SANDBOX, "config", "--oci", "--profile", "minimal", "/bin/echo", "--json").stdout, "the words of a program in a config.json")
equal(minimal("/bin/echo", "--help", "--json").stdout, "--help --json\n", "the words of a program")

# The first thing that somebody tries who comes from another tool, or has not read on.
for words, said in ((("firefox",), "'sandbox run firefox'"), (("stop", "x"), "did you mean 'kill'?"), (("list",), "did you mean 'ps'?"), (("help",), "did you mean '--help'?"),
                    (("why", "firefox", "/etc"), "did you mean 'profile why'?"), (("profile", "nothing-near"), "see sandbox profile --help")):
    one_error(run(SANDBOX, *words), 2, "unknown verb", said)
one_error(run(SANDBOX, "run", "od"), 127, "no profile for 'od'", "'sandbox profile new --write od' makes one")
one_error(run(SANDBOX, "run", "/bin/sh"), 125, "'/bin/sh' is a program, and no profile", "'sandbox run sh'", "'sandbox run --profile NAME -- /bin/sh'")
script = f"{HOME}/script"
with open(script, "w") as file:
    file.write("#!/bin/sh\nexit 0\n")
os.chmod(script, 0o755)
one_error(run(SANDBOX, "explain", script), 125, f"'{script}' is a program, and no profile")
