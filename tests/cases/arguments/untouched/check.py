"""All after the command belongs to it, whatever it looks like."""
from support import *

words = ["--", "-", "--bind", "/etc", "--help", "-v", "", "a b", "*", "$HOME", "${HOME}", "new\nline", "tab\t", "\x1b[31m", "é", "--profile=x"]
equal(probe("arguments", *words), [w.encode().decode("latin-1") for w in words], "arguments after --")
done = run(*PROBING, PROBE, "arguments", *words)
equal(json.loads(done.stdout), [w.encode().decode("latin-1") for w in words], "arguments without --")
