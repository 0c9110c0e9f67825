"""checkpoint and restore say exactly what is missing, and the command that mends it; nothing is changed by asking."""
from life.helpers import *

folder = os.path.join(HOME, "bin")
criu = os.path.join(folder, "criu")
os.mkdir(folder)


def fake(version):
    with open(criu, "w") as file:
        file.write(f"#!/bin/sh\n[ \"$*\" = --version ] || exit 9\n{version}\n")
    os.chmod(criu, 0o755)


def asked(*words):
    return verb(*words, env={**os.environ, "PATH": folder + ":" + os.environ["PATH"]})


images = os.path.join(HOME, "images")
with running("kept", "/bin/sh", "-c", "trap 'echo alive' USR1; echo ready; while :; do sleep 0.02; done") as process:
    equal(process.stdout.readline(), "ready\n", "the app")
    before = json.loads(verb("state", "kept").stdout)
    for words in (("checkpoint", "--image-path", images, "kept"), ("checkpoint", "--leave-running", "--image-path", images, "kept"), ("restore", "--image-path", images)):
        if not any(os.access(f"{place}/criu", os.X_OK) for place in ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin")):
            one_error(verb(*words), 125, words[0], " criu, which is not installed here", "as root: ")
        fake("echo Version: 3.17.1")
        one_error(asked(*words), 125, words[0], "criu 3.18 or newer, and ", "criu 3.17", " does not work for others than root")
        fake("echo Version: 3.18")
        one_error(asked(*words), 125, words[0], "criu 3.18", "lacks the capability cap_checkpoint_restore", f"setcap cap_checkpoint_restore+eip {criu}")
        for wrong in ("echo Version: new", "exit 1", "head -c 100000 /dev/zero"):
            fake(wrong)
            one_error(asked(*words), 125, f", and '{criu}' does not tell its version")
        os.unlink(criu)
    check(not os.path.exists(images), "a folder of images was made")
    equal(json.loads(verb("state", "kept").stdout), before, "the record after being asked")
    succeeds(verb("kill", "--signal", "USR1", "kept"), "a signal")
    equal(process.stdout.readline(), "alive\n", "the app after being asked: neither frozen nor ended")
    one_error(verb("checkpoint", "kept"), 2, "--image-path")
    one_error(verb("checkpoint", "--image-path", images), 2, "no instance")
    one_error(verb("checkpoint", "--image-path", images, "other"), 125, "other")
    one_error(verb("restore"), 2, "--image-path")
    one_error(verb("restore", "--image-path", images, "kept"), 2, "kept")
no_survivors()
