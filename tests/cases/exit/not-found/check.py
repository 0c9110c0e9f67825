from support import *

one_error(minimal("/usr/bin/no-such-program"), 127, "/usr/bin/no-such-program")
one_error(minimal("no-such-program"), 127, "no-such-program")
