from support import *

document = probe()
equal(document["processes"].get("1"), "sandbox-helper", "PID 1")
check(len(document["processes"]) <= 3, f"processes: {document['processes']}")
equal(document["processes"][str(document["pid"])], "probe", "the probe itself")
equal((document["sid"], document["pgrp"]), (document["pid"], document["pid"]), "own session and process group")
