from support import *

document = probe()
equal(document["uid"], [os.getuid()] * 3, "uids")
equal(document["gid"], [os.getgid()] * 3, "gids")
equal(document["setgroups"], ["deny"], "setgroups")
equal([line.split() for line in document["uid_map"]], [[str(os.getuid()), str(os.getuid()), "1"]], "uid map")
equal([line.split() for line in document["gid_map"]], [[str(os.getgid()), str(os.getgid()), "1"]], "gid map")
outside, inside = run("/usr/bin/id", "-u", "-n"), minimal("/usr/bin/id", "-u", "-n")
equal(inside.stdout, outside.stdout, "user name")
outside, inside = run("/usr/bin/id", "-g", "-n"), minimal("/usr/bin/id", "-g", "-n")
equal(inside.stdout, outside.stdout, "group name")
