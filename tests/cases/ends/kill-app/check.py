"""SIGKILL of the application: 137, and what it started ends with it."""
from support import *

process = subprocess.Popen([*MINIMAL, "--", "/usr/bin/perl", "-e", 'fork or exec "sleep", "600"; sleep 600'])
number = started(process, "perl")
started(process, "sleep")
os.kill(number, signal.SIGKILL)
equal(process.wait(10), 137, "status")
no_survivors()
