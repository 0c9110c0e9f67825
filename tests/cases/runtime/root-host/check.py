"""root.source = "host": /usr and little of /etc, read-only; a root that may be written is memory, and the host's parts stay read-only."""
from runtime.helpers import *

look = "ls /home /root /srv /opt /mnt /media /boot 2>&1 | sort -u; touch /usr/x /x 2>&1; echo end"
done = with_profile('[root]\nsource = "host"\n', "/bin/sh", "-c", "touch /usr/x 2>/dev/null || touch /x 2>/dev/null || touch /etc/x 2>/dev/null || echo read-only; test -e /root || test -e /srv || echo hidden; cat /etc/shadow 2>/dev/null; exit 0")
says(done, "read-only\nhidden\n", "a root of the host")
done = with_profile('[root]\nsource = "host"\nreadonly = false\n', "/bin/sh", "-c", "echo mine >/x && cat /x; mkdir /new && echo made; touch /usr/x 2>/dev/null || echo usr stays; exit 0")
says(done, "mine\nmade\nusr stays\n", "a root that may be written")
check(not os.path.lexists("/x") and not os.path.lexists("/new"), "the host's root was written")
for source, needle in (("/", "host"), (f"{HOME}/nowhere", "nowhere"), (f"{HOME}/.bashrc", "no folder"), ("relative", "relative")):
    one_error(with_profile(f'[root]\nsource = "{source}"\n', "/bin/true"), 125, "case.toml:3:", needle)
