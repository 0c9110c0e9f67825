"""Long arguments and environments pass, up to the kernel's own limit, and that is reported as it is."""
from support import *

word = "x" * 120000
equal(probe("arguments", word, word), [word, word], "two arguments of 120 kB")
many = [str(n) for n in range(5000)]
equal(probe("arguments", *many), many, "5000 arguments")
names = dict(entry.split("=", 1) for entry in probe(options=["--env", f"LONG={word}"])["env"])
equal(names["LONG"], word, "a long variable")
