"""A47 (CVE-2020-27352): `daemon-reload` in the middle of a run takes limits away, or moves what runs. Under a systemd user manager of its own."""
from attack import *

check(os.getuid() == 0, "this case wants root")
ways()
canary = Canary()
environment = dict(os.environ, PYTHONPATH=f"{TESTS}/system:{TESTS}/cases")
done = run(f"{TESTS}/system/native", "-t", "100", PYTHON, os.path.join(os.environ["CASE"], "reload.py"), env=environment, timeout=110)
equal(done.returncode, 0, f"under a manager: {done.stdout} {done.stderr}")
check("held" in done.stdout and "seen" in done.stdout, f"{done}")
canary.unchanged("after all")
