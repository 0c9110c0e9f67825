"""The environment is made new: no loader variables, none of the caller's own, unless asked for."""
from support import *

hostile = {"LD_PRELOAD": "/no/such.so", "LD_LIBRARY_PATH": "/no/such", "LD_AUDIT": "/no/such.so", "GCONV_PATH": "/no/such", "SECRET_TOKEN": "canary",
           "GIO_EXTRA_MODULES": "/no/such", "PYTHONSTARTUP": "/no/such", "BASH_ENV": "/no/such", "IFS": "x", "SSH_AUTH_SOCK": "/no/such"}
names = dict(entry.split("=", 1) for entry in probe(env={**os.environ, **hostile})["env"])
check(not names.keys() & hostile.keys(), f"passed in: {sorted(names.keys() & hostile.keys())}")
check(not any(name.startswith("LD_") for name in names), f"loader variables: {sorted(names)}")
equal(names["HOME"], HOME, "HOME")
check(all(part.startswith("/") for part in names["PATH"].split(":")), f"PATH={names['PATH']}")
names = dict(entry.split("=", 1) for entry in probe(options=["--env", "WISH=a=b c"])["env"])
equal(names["WISH"], "a=b c", "--env")
