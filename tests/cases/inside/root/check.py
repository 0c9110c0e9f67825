"""Only what is needed stands in the root, and it cannot be changed."""
from support import *

document = probe()
allowed = {"bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr", "etc", "dev", "proc", "sys", "tmp", "run", "home", "var", "root",
           PROBE.split("/")[1], HOME.split("/")[1]}
check(set(document["root"]) <= allowed, f"root: {document['root']}")
expected = {"null", "zero", "full", "random", "urandom", "tty", "fd", "stdin", "stdout", "stderr", "ptmx", "pts", "shm"}
check(expected <= set(document["dev"]), f"missing in /dev: {expected - set(document['dev'])}")
check(set(document["dev"]) <= expected | {"mqueue", "console", "core"}, f"too much in /dev: {document['dev']}")
done = minimal("/bin/sh", "-c", "for d in / /usr /usr/bin /etc /dev /proc /sys /bin; do touch $d/x 2>/dev/null && echo $d; done; echo done")
equal((done.returncode, done.stdout), (0, "done\n"), "folders that can be written")
done = minimal("/bin/sh", "-c", "touch /tmp/x && touch $HOME/x && touch $XDG_RUNTIME_DIR/x && touch /dev/shm/x && echo fine")
equal((done.stdout, done.stderr), ("fine\n", ""), "own folders")
