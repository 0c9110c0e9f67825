"""root.source = "empty": only what the sandbox makes itself and what is granted; a static program runs in it."""
from runtime.helpers import *

document, stderr = document_of('[root]\nsource = "empty"\n')
equal(stderr, "", "stderr")
wanted = {"dev", "etc", "proc", "sys", "tmp", "run", "var", PROBE.split("/")[1], HOME.split("/")[1]}
check(set(document["root"]) <= wanted, f"the root: {document['root']}")
check({"dev", "proc", "tmp"} <= set(document["root"]), f"the root: {document['root']}")
done = with_profile('[root]\nsource = "empty"\n', "/bin/sh")
one_error(done, 127, "/bin/sh")
done = with_profile('[root]\nsource = "empty"\n[files]\n"' + BUSYBOX + '" = { access = "ro", target = "/bin/sh" }\n', "/bin/sh", "-c", "echo static")
says(done, "static\n", "busybox as the shell")
# A folder in the root for the pivot is not needed, so no key names one.
one_error(with_profile('[root]\nsource = "empty"\npivot-dir = "/old"\n', "/bin/true"), 125, "case.toml:4:", "pivot-dir")
# The helper is static: nothing of the root is loaded by it.
helper = os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "libexec/sandbox/sandbox-helper")
with open(helper, "rb") as file:
    head = file.read(64)
    count, offset = struct.unpack_from("<H", head, 56)[0], struct.unpack_from("<Q", head, 32)[0]
    file.seek(offset)
    kinds = [struct.unpack_from("<I", file.read(56))[0] for _ in range(count)]
check(head[:4] == b"\x7fELF" and 3 not in kinds, f"the helper asks for an interpreter: {kinds}")
