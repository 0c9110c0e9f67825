"""Every exit status of the application is the sandbox's own."""
from support import *

for status in range(256):
    done = run(*PROBING, "--", PROBE, "exit", str(status))
    equal((done.returncode, done.stdout, done.stderr), (status, "", ""), f"exit {status}")
