"""--user takes whole numbers of ids and nothing else: no sign, no space, no name, nothing that wraps."""
from runtime.helpers import *


def ids(option):
    document = probe(options=["--user", option])
    equal((set(document["uid"]), set(document["gid"])), ({int(option.split(":")[0])}, {int(option.split(":")[1])} if ":" in option else {os.getgid()}), f"--user {option}")
    equal(document["status"]["CapEff"], "0000000000000000", f"capabilities with --user {option}")


works()
for option in ("0", "1", "0:0", "1000:1000", "2147483647", "2147483648", "4294967294", "65534:65534"):
    ids(option)
for option in ("-1", "4294967295", "4294967296", "18446744073709551616", "1x", " 1", "1 ", "+1", "0x0", "1e1", "1.0", "", ":", "1:", ":1", "1:1:1", "1,1",
               "root", "root:root", "1:root", "1\n", "0\t", "-0", "1:-1", "1:4294967295", "1:4294967296", "\u0661", os.environ["USER"], "99999999999999999999999"):
    done = minimal("/bin/echo", "started", options=["--user", option])
    equal(done.stdout, "", f"--user {option!r} started something")
    one_error(done, 2, "--user")
# "01" is 1 to some and an octal number to others.
for option in ("01", "01:1", "00", "1:01"):
    done = minimal("/bin/echo", "started", options=["--user", option])
    one_error(done, 2, "--user")
for value in ("-1", "4294967295", "4294967296", '"0"', "1.5", "true", "[0]", "99999999999999999999"):
    done = with_profile(f"[ids]\nuid = {value}\n", "/bin/echo", "started")
    one_error(done, 125, "case.toml:3:")
