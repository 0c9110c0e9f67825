"""Nothing of the host's home can be read or even seen."""
from support import *

works()

for path in (".ssh/canary", ".gnupg/secring", ".bashrc", "Documents/letter.txt"):
    done = minimal("/bin/sh", "-c", f'cat "{HOME}/{path}"')
    check(done.returncode == 1 and "No such file" in done.stderr, f"{path} was read, or cat did not run: {done}")
done = minimal("/bin/sh", "-c", f'ls -A "{HOME}"')
equal((done.returncode, done.stdout), (0, ""), "the home inside")
done = minimal("/bin/sh", "-c", 'grep -rl canary: / --include=* -s --exclude-dir=proc --exclude-dir=sys --exclude-dir=usr; true')
equal((done.returncode, done.stdout), (0, ""), "files with the canary's text")
for trick in ("/proc/1/root", "/proc/1/cwd", "/proc/self/root"):
    done = minimal("/bin/sh", "-c", f'cat "{trick}{HOME}/.ssh/canary"')
    check(done.returncode == 1 and "cat:" in done.stderr, f"read through {trick}, or cat did not run: {done}")
