"""Without its helper, or with one that others can change, the launcher says which file it wants."""
from support import *
import shutil

os.makedirs(f"{HOME}/moved/bin")
shutil.copy(SANDBOX, f"{HOME}/moved/bin/sandbox")
prefix = os.path.dirname(os.path.dirname(SANDBOX))
shutil.copytree(f"{prefix}/share", f"{HOME}/moved/share")
one_error(run(f"{HOME}/moved/bin/sandbox", "run", "--profile", "minimal", "--", "/bin/true"), 125, "sandbox-helper")
shutil.copytree(f"{prefix}/libexec", f"{HOME}/moved/libexec")
equal(run(f"{HOME}/moved/bin/sandbox", "run", "--profile", "minimal", "--", "/bin/sh", "-c", "exit 4").returncode, 4, "a tree that was moved whole")
shutil.rmtree(f"{HOME}/moved/share")
one_error(run(f"{HOME}/moved/bin/sandbox", "run", "--profile", "minimal", "--", "/bin/true"), 127, "minimal")
