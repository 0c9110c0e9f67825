"""The three streams are the caller's own."""
from support import *

text = "".join(f"line {n}\n" for n in range(200000))
done = run(*MINIMAL, "--", "/bin/sh", "-c", "cat; echo aside >&2", stdin=None, input=text)
equal((done.returncode, done.stderr), (0, "aside\n"), "status and stderr")
check(done.stdout == text, f"stdin did not pass through: {len(done.stdout)} of {len(text)}")
done = minimal("/bin/sh", "-c", "echo out; echo err >&2")
equal((done.stdout, done.stderr), ("out\n", "err\n"), "streams")
