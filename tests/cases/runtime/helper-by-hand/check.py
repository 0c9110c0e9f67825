"""The helper does nothing by itself, whatever it is given: the Plan comes in a sealed file, and is checked."""
from runtime.helpers import *

helper = os.path.join(os.path.dirname(os.path.dirname(SANDBOX)), "libexec/sandbox/sandbox-helper")
before = own_processes()
plain = f"{HOME}/plan"
with open(plain, "wb") as file:
    file.write(b"x" * 4096)
random = os.memfd_create("plan")
os.write(random, os.urandom(4096))
sealed = os.memfd_create("plan", os.MFD_ALLOW_SEALING)
os.write(sealed, os.urandom(4096))
import fcntl
fcntl.fcntl(sealed, 1033, 15)
opened = os.open(plain, os.O_RDONLY)
for arguments in ([], ["--help"], ["3"], [str(sealed)], ["/bin/sh", "-c", "echo started"], ["run", "/bin/true"]):
    for handles in ([], [opened], [random], [sealed]):
        for number in (3, None):
            def place(handles=handles, number=number):
                if handles and number:
                    os.dup2(handles[0], number)
                    os.set_inheritable(number, True)
            done = run(helper, *arguments, pass_fds=handles + ([3] if number else []), preexec_fn=place)
            check(done.returncode not in (0, None) and done.returncode > 0 and done.returncode < 128, f"{arguments}, {handles}: {done}")
            check("started" not in done.stdout and len(done.stderr.splitlines()) == 1 and done.stderr.startswith("sandbox"), f"{arguments}, {handles}: {done}")
equal(own_processes().keys() - before.keys(), set(), "processes")
