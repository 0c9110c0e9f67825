"""A17 (CVE-2016-3697, CVE-2026-30892, CVE-2024-40635): a number of a user that wraps, or is taken for a name."""
from attack import *

canary = Canary()
# The control: bubblewrap 0.8.0 makes user 0 of 2^32, and takes a number with something before it.
for text, became in (("4294967296", "0"), ("4294967297", "1"), (" 1", "1"), ("+1", "1")):
    done = run(*BWRAP, "--uid", text, "/usr/bin/id", "-u")
    control(done.stdout == f"{became}\n", f"bubblewrap --uid {text!r}: {done}")
own = str(os.getuid())
SHOW = "id -u; id -g"
for text in ("-1", "4294967295", "4294967296", "-4294967296", "18446744073709551616", "99999999999999999999999", "1x", " 1", "1 ", "01x", "0x0", "+0", "", "1:", ":1", "1:2:3", "01:-1",
             "1:4294967295", "1:4294967296", "root", "nobody", "1_0", "1e3", "٠", "0\n", "0\t", "--", "1,2"):
    done = minimal("/bin/sh", "-c", SHOW, options=[f"--user={text}"])
    one_error(done, 2)
    equal(done.stdout, "", f"--user {text!r}")
for table in ("uid", "gid"):
    for value in ("-1", "4294967295", "4294967296", "18446744073709551616", '"0"', '"root"', "1.0", "true", "[0]"):
        done = with_profile(f"[ids]\n{table} = {value}\n", "/bin/sh", "-c", SHOW)
        refused(done)
    for value in ("{ inside = 0, outside = 4294967296, count = 1 }", "{ inside = 0, outside = 0, count = 4294967296 }", "{ inside = 4294967290, outside = 0, count = 10 }",
                  "{ inside = -1, outside = 0, count = 1 }", "{ inside = 0, outside = 0, count = 0 }"):
        refused(with_profile(f"[ids]\n{table}-map = [{value}]\n", "/bin/sh", "-c", SHOW))
# What is a number is that number, zero before it or not, and never the id of an account that has digits for a name.
for text, wanted in (("0", "0"), ("1", "1"), ("2147483648", "2147483648"), ("4294967294", "4294967294"), (own, own)):
    done = minimal("/bin/sh", "-c", SHOW, options=["--user", f"{text}:{text}"])
    equal(done.stdout.split(), [wanted, wanted], f"--user {text} ({done.stderr.strip()})")
canary.unchanged("after all")
