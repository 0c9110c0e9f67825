"""The program of a build folder finds its helper and profiles beside itself; the demo agrees."""
from support import *

build = os.environ["SANDBOX_BUILD"]
document = probe(program=build)
equal(document["processes"]["1"], "sandbox-helper", "PID 1")
equal(document["status"]["CapEff"], "0" * 16, "CapEff")
done = run(build, "run", "demo")
equal(done.returncode, 0, f"status of the demo: {done.stdout}{done.stderr}")
os.symlink(build, f"{HOME}/linked")
equal(run(f"{HOME}/linked", "run", "--profile", "minimal", "--", "/bin/true").returncode, 0, "through a link")
