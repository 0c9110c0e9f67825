"""A18 (CVE-2022-29162, CVE-2025-27612): capabilities are left in some set, or a guest has other rights than the app."""
from attack import *

WANTED = {"CapInh": "0000000000000000", "CapPrm": "0000000000000000", "CapEff": "0000000000000000", "CapBnd": "0000000000000000", "CapAmb": "0000000000000000", "NoNewPrivs": "1",
          "Seccomp": "2"}


def read(done, how):
    equal(done.returncode, 0, f"{how}: status ({done.stderr.strip()})")
    document = json.loads(done.stdout)
    return {name: document["status"][name] for name in WANTED}, document


ways()
canary = Canary()
folder = f"{HOME}/.undefended"
os.makedirs(folder)
for stage, field in (("capabilities", "CapBnd"), ("privileges", "NoNewPrivs"), ("seccomp", "Seccomp")):
    with open(f"{folder}/defences-off", "w") as file:
        file.write(stage if stage != "privileges" else "privileges seccomp landlock")
    done = run(*as_test_user(UNDEFENDED, "run", "--profile", "minimal", "--bind", PROBE, "--", PROBE), cwd=folder)
    status, _ = read(done, stage)
    control(status[field] != WANTED[field], f"without {stage}: {status}")
first = None
for how, done in every_way(PROBE, options=["--bind", PROBE]):
    status, document = read(done, how)
    equal(status, WANTED, how)
    equal(document["securebits"] & 0b101111, 0b101111, f"{how}: the locked securebits")
    same = (document["signals_blocked"], document["signals_ignored"], document["limits"], document["umask"], document["status"]["Seccomp_filters"])
    first = first or same
    equal(same, first, f"{how}: limits, masks and filters")
canary.unchanged("after all")
