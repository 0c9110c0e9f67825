"""`profile new` makes a profile that starts, and writes over none."""
from support import *

works()
done = run(SANDBOX, "profile", "new", "--class", "headless", "--id", "my-echo", "/bin/echo")
equal(done.returncode, 0, f"status: {done.stderr}")
check('".config/echo"' in done.stdout, f"its folders are called by the program, not by the id: {done.stdout}")
check(not os.path.exists(f"{HOME}/.config/sandbox"), "something was written without --write")
done = run(SANDBOX, "profile", "new", "--class", "headless", "--id", "my-echo", "--write", "/bin/echo")
equal((done.returncode, done.stdout), (0, f"{HOME}/.config/sandbox/apps/my-echo.toml\n"), "where it was put")
equal(run(SANDBOX, "run", "my-echo", "hello").stdout, "hello\n", "what the app printed")
equal(run(SANDBOX, "profile", "check", "my-echo").returncode, 0, "its check")
one_error(run(SANDBOX, "profile", "new", "--class", "headless", "--id", "my-echo", "--write", "/bin/echo"), 125, "already", "--force")
equal(run(SANDBOX, "profile", "new", "--class", "desktop", "--id", "my-echo", "--write", "--force", "/bin/echo").returncode, 0, "--force")
with open(f"{HOME}/.config/sandbox/apps/my-echo.toml") as file:
    check("class/desktop" in file.read(), "--force wrote nothing")
equal(sorted(os.listdir(f"{HOME}/.config/sandbox/apps")), ["my-echo.toml"], "what is left in the folder")
one_error(run(SANDBOX, "profile", "new", "no-such-program"), 127, "no-such-program", "PATH")
one_error(run(SANDBOX, "profile", "new", "--class", "hedless", "/bin/echo"), 125, "did you mean 'headless'")
one_error(run(SANDBOX, "profile", "new", "--id", "-x", "/bin/echo"), 2, "'-x'")
