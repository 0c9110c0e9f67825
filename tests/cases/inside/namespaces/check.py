from support import *

document = probe()
for name, inside in document["namespaces"].items():
    if name != "time":
        check(inside and inside != os.readlink(f"/proc/self/ns/{name}"), f"the {name} namespace is the host's: {inside}")
check(set(document["interfaces"]) <= {"lo"}, f"interfaces: {document['interfaces']}")
