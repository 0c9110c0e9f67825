"""A disposable home is empty at the start and gone at the end."""
from support import *

done = run(SANDBOX, "run", "--profile", "minimal", "--home", "disposable", "--", "/bin/sh", "-c", 'ls -A "$HOME"; echo x >"$HOME/file" && cat "$HOME/file"')
equal((done.returncode, done.stdout, done.stderr), (0, "x\n", ""), "first run")
done = run(SANDBOX, "run", "--profile", "minimal", "--home", "disposable", "--", "/bin/sh", "-c", 'ls -A "$HOME"')
equal((done.returncode, done.stdout), (0, ""), "second run")
check(not os.path.exists(f"{HOME}/file"), "the file is in the user's home")
