"""A helper that was made set-user-id refuses to work, whoever starts it: here user 0 of a namespace, under whom it belongs to user 1."""
import shutil

from support import *

helper = f"{HOME}/sandbox-helper"
shutil.copy(os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "libexec/sandbox/sandbox-helper"), helper)
start = lambda mode: run("/usr/bin/unshare", "--user", "--map-root-user", "--map-auto", "/bin/sh", "-c", f"cp {helper} {helper}-1 && chown 1:1 {helper}-1 && chmod {mode} {helper}-1 && exec {helper}-1")
control, refused = start("0755"), start("4755")
check("is of no use by itself" in control.stderr, f"the control: {control}")
equal((refused.returncode, refused.stderr), (125, "sandbox: this program must not be installed setuid; it needs no privileges\n"), "a setuid helper that is started")
