"""Ranges of ids through newuidmap and newgidmap: the maps as they were asked for, and files of the ids inside."""
from runtime.helpers import *
import pwd

name = pwd.getpwuid(os.getuid()).pw_name


def range_of(path):
    with open(path) as file:
        return next(int(line.split(":")[1]) for line in file if line.startswith(f"{name}:"))


uids, gids, uid, gid = range_of("/etc/subuid"), range_of("/etc/subgid"), os.getuid(), os.getgid()
maps = f'[ids]\nuid = {{}}\ngid = {{}}\nuid-map = [{{{{ inside = 0, outside = {uids}, count = 1000 }}}}, {{{{ inside = {uid}, outside = {uid} }}}}]\n' \
       f'gid-map = [{{{{ inside = 0, outside = {gids}, count = 1000 }}}}, {{{{ inside = {gid}, outside = {gid} }}}}]\n'
document, stderr = document_of(maps.format(uid, gid))
equal(stderr, "", "stderr")
equal([line.split() for line in document["uid_map"]], [["0", str(uids), "1000"], [str(uid), str(uid), "1"]], "uid_map")
equal([line.split() for line in document["gid_map"]], [["0", str(gids), "1000"], [str(gid), str(gid), "1"]], "gid_map")
equal((document["uid"], document["gid"]), ([uid] * 3, [gid] * 3), "ids inside")
for number in (0, 7, 999):
    document, _ = document_of(maps.format(number, number) + '[process]\ncwd = "/"\n')
    equal((document["uid"], document["gid"]), ([number] * 3, [number] * 3), "ids inside")
    for capability in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        equal(document["status"][capability], "0000000000000000", f"{capability} as user {number}")
# User 0 inside, as which the set-up begins, is the caller: the app is another one all the same, with nothing kept.
own_root = f"[ids]\nuid = 7\ngid = 7\nuid-map = [{{ inside = 0, outside = {uid} }}, {{ inside = 1, outside = {uids}, count = 100 }}]\n" \
    f"gid-map = [{{ inside = 0, outside = {gid} }}, {{ inside = 1, outside = {gids}, count = 100 }}]\n[process]\ncwd = \"/\"\n"
document, _ = document_of(own_root)
equal((document["uid"], document["gid"], {document["status"][name] for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")}), ([7] * 3, [7] * 3, {"0" * 16}), "from user 0 to another")
equal(document["securebits"], 1 | 2 | 4 | 8 | 32 | 64 | 128, "securebits as ever")
# Without a map: the own ids, mapped to themselves and nothing else.
document, _ = document_of("")
equal([line.split() for line in document["uid_map"] + document["gid_map"]], [[str(uid), str(uid), "1"], [str(gid), str(gid), "1"]], "the maps by default")
for text, needle in (("uid-map = [{ inside = 0, outside = 0, count = 1 }]", "newuidmap"),
                     (f"uid-map = [{{ inside = 0, outside = {uids}, count = 100000 }}]", "newuidmap"),
                     ("uid-map = [{ inside = 0, outside = 1, count = 0 }]", "empty"),
                     (f"uid-map = [{{ inside = 0, outside = {uids}, count = 9 }}, {{ inside = 8, outside = {uids + 50}, count = 9 }}]", "overlaps"),
                     ("uid-map = [{ inside = 4294967290, outside = 5, count = 9 }]", "4294967294"),
                     (f"uid-map = [{{ inside = 0, outside = {uids}, count = 9 }}]\nuid = 10", "ids.uid-map"),
                     ("uid-map = [{ inside = -1, outside = 5 }]", "-1")):
    one_error(with_profile(f"[ids]\n{text}\n", "/bin/true"), 125, "case.toml:3:" if "uid = 10" not in text else "case.toml:", needle)
# The home and the runtime folder are the app's, whoever it is inside.
for number in (0, 7, uid):
    done = with_profile(maps.format(number, number), "/bin/sh", "-c", "cd; touch file && stat -c '%u %a' . /run/user/* file; echo x >/tmp/x && echo x >/dev/shm/x && echo written")
    says(done, f"{number} 700\n{number} 700\n{number} 644\nwritten\n", f"the home of user {number}")
