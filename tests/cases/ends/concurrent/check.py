"""Many starts at once, of one profile with a lasting home too: all run, none sees another."""
from support import *

processes = [subprocess.Popen([*PROBING, "--", PROBE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(24)]
names = set()
for process in processes:
    out, err = process.communicate(timeout=25)
    equal((process.returncode, err), (0, ""), "status and stderr")
    document = json.loads(out)
    names.add(document["namespaces"]["pid"])
    check(len(document["processes"]) <= 3, f"sees others: {document['processes']}")
# A number of a namespace is given again once it is free; but they cannot all have been one.
check(len(names) > 1, "one pid namespace for all")
no_survivors()
