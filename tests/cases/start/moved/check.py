"""An installed tree that is moved whole finds its programs and profiles where it is now, by a link too, and tells other packages."""
import shutil

from support import *

works()
prefix = os.path.dirname(os.path.dirname(os.path.realpath(SANDBOX)))
moved = f"{HOME}/some where/else"
for path in ("libexec/sandbox", "share/sandbox", "share/pkgconfig/sandbox.pc", "bin/sandbox"):
    source, target = f"{prefix}/{path}", f"{moved}/{path}"
    os.makedirs(os.path.dirname(target), exist_ok=True)
    (shutil.copytree if os.path.isdir(source) else shutil.copy)(source, target)
# A profile that the tree alone has: nothing of where it came from is looked at.
shutil.copy(f"{moved}/share/sandbox/apps/minimal.toml", f"{moved}/share/sandbox/apps/only-there.toml")
with open(f"{moved}/share/sandbox/apps/only-there.toml") as file:
    text = re.sub(r"(?m)^(id|names)\s*=.*\n", "", file.read())
with open(f"{moved}/share/sandbox/apps/only-there.toml", "w") as file:
    file.write(text)
os.symlink(f"{moved}/bin/sandbox", f"{HOME}/linked")
for program in (f"{moved}/bin/sandbox", f"{HOME}/linked"):
    done = run(program, "run", "--profile", "only-there", "--", "/bin/sh", "-c", "uname -n")
    equal((done.returncode, done.stdout, done.stderr), (0, "sandbox\n", ""), f"a start by {program}")
    check(f"{moved}/share/sandbox/apps/only-there.toml" in run(program, "profile", "list").stdout, "the profile that it lists")
equal(run(SANDBOX, "explain", "only-there").returncode, 127, "the tree that stayed has it as well")

# The tree without its helper tells of the tree that it is.
os.rename(f"{moved}/libexec/sandbox/sandbox-helper", f"{moved}/libexec/sandbox/gone")
one_error(run(f"{moved}/bin/sandbox", "run", "minimal"), 125, "cannot find sandbox-helper near '")
os.rename(f"{moved}/libexec/sandbox/gone", f"{moved}/libexec/sandbox/sandbox-helper")

environment = {**os.environ, "PKG_CONFIG_PATH": f"{moved}/share/pkgconfig"}
for options in ([], ["--define-prefix"]):
    with open(f"{moved}/share/pkgconfig/sandbox.pc") as file:
        if not options and "${pcfiledir}" not in file.read():
            continue  # of a distribution, whose prefix is fixed
    told = run("pkg-config", *options, "--variable=profilesdir", "sandbox", env=environment).stdout.strip().replace("\\ ", " ")
    equal(os.path.realpath(told), os.path.realpath(f"{moved}/share/sandbox/apps"), f"profilesdir by pkg-config {options}")
