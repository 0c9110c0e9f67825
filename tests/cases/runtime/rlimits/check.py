"""All sixteen resource limits, soft and hard; what is above the caller's hard limit is said and stays; names and values are read strictly."""
from runtime.helpers import *
import resource

infinity = (1 << 64) - 1
wanted = {"cpu": (600, 700), "fsize": (1 << 30, 1 << 31), "data": (1 << 32, 1 << 33), "stack": (4 << 20, 16 << 20), "core": (0, 0), "rss": (1 << 30, 1 << 30),
          "nproc": (900, 1000), "nofile": (100, 200), "memlock": (4096, 8192), "as": (1 << 33, 1 << 34), "locks": (10, 20), "sigpending": (50, 60),
          "msgqueue": (4096, 8192), "nice": (0, 0), "rtprio": (0, 0), "rttime": (1000000, 2000000)}
equal(len(wanted), 16, "limits")
text = "[rlimits]\n" + "".join(f"{name} = [{soft}, {hard}]\n" for name, (soft, hard) in wanted.items())
document, stderr = document_of(text)
equal({name: tuple(pair) for name, pair in document["limits"].items()}, wanted, "limits inside")
equal(stderr, "", "stderr")
document, _ = document_of('[rlimits]\nnofile = 64\ncpu = "infinity"\n')
equal(document["limits"]["nofile"], [64, 64], "one number is both")
equal(document["limits"]["cpu"], [infinity, infinity], "infinity")
document = probe(options=["--rlimit", "nofile=77:99", "--rlimit", "core=0"])
equal((document["limits"]["nofile"], document["limits"]["core"]), ([77, 99], [0, 0]), "--rlimit")
# The caller's hard limit is the highest.
lower = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (300, 300))
document, stderr = document_of("[rlimits]\nnofile = [100, 5000]\n", preexec_fn=lower)
equal(document["limits"]["nofile"], [100, 300], "a limit above the caller's")
check(re.fullmatch(r"sandbox: warning: .*case.toml:3:1: .*nofile.*300.*\n", stderr), f"the warning: {stderr!r}")
# A core file is not written, and a limit is really in force.
done = with_profile("[rlimits]\nfsize = 1000\n", "/bin/sh", "-c", "head -c 5000 /dev/zero >/tmp/x; stat -c %s /tmp/x")
equal(done.stdout, "1000\n", f"the size of a file under fsize = 1000 {done.stderr}")
for text, needle in (("nofil = 1", "nofile"), ("nofile = -1", "-1"), ("nofile = [2, 1]", "soft"), ("nofile = [1]", "hard"), ('nofile = "1k"', "1k"),
                     ("nofile = 1.5", "float"), ("nofile = 99999999999999999999", "case.toml:3:"), ('nofile = ["infinity", 1]', "soft")):
    one_error(with_profile(f"[rlimits]\n{text}\n", "/bin/true"), 125, "case.toml:3:", needle)
