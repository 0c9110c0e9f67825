from support import *
import stat

wanted = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}
found = probe("open", *(f"/dev/{name}" for name in wanted))
for name, numbers in wanted.items():
    row = found[f"/dev/{name}"]
    check(stat.S_ISCHR(row["type"]), f"/dev/{name} is no character device: {row}")
    equal((os.major(row["rdev"]), os.minor(row["rdev"])), numbers, f"/dev/{name}")
done = minimal("/bin/sh", "-c", "echo lost >/dev/null; head -c 4 /dev/zero | od -An -tx1; head -c 1 /dev/urandom | wc -c")
equal(done.stdout.split(), ["00", "00", "00", "00", "1"], "devices work")
