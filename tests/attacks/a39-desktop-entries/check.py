"""A39 (CVE-2021-21381, CVE-2026-97027): tokens, quotes, field codes and keys of an application's .desktop file run something, or reach the sandbox's options."""
import runpy

from attack import *
from desk import ENTRY, OWN, PREFIX, SYSTEM, VIEWER, integrate, make, read, write

canary = Canary()
shutil.copytree(os.path.join(TESTS, "cases/integrate/hostile/profiles"), os.path.join(HOME, ".config/sandbox"), dirs_exist_ok=True)
make()
entry, own = os.path.join(SYSTEM, ENTRY), os.path.join(OWN["menu"], "org.example.Viewer.desktop")
plain = "[Desktop Entry]\nType=Application\nName=Viewer\nExec={}\n"
mark = f"{canary.folder}/injected"
PAYLOADS = [f"viewer; touch {mark}", f"viewer `touch {mark}`", f"viewer $(touch {mark})", f"viewer | touch {mark}", f"viewer > {mark}", f"viewer && touch {mark}", f"viewer\\ntouch {mark}",
            f"/bin/sh -c \"touch {mark}\"", f"env LD_PRELOAD={mark} sh -c \"touch {mark}\"", f"viewer \"$(touch {mark})\"", "viewer @@u %U @@", f"{SANDBOX} run --profile shell --bind {canary.folder}:{canary.folder}:rw -- touch {mark}"]
# The control: a launcher that hands the line to a shell, as some file managers do.
seen = 0
for line in PAYLOADS:
    run("/bin/sh", "-c", line.replace("\\n", "\n"), cwd=HOME, env=dict(os.environ, PATH=f"{SYSTEM}/bin:/usr/bin:/bin"))
    seen += "injected" in canary.changed()
    canary.renew()
control(seen >= 8, f"a shell ran {seen} of {len(PAYLOADS)}")
for line in PAYLOADS:
    write(entry, plain.format(line))
    done = integrate("viewer")
    check(done.returncode in (0, 125) and "no such" not in done.stderr, f"{line}: {done}")
    canary.unchanged(line)
    if os.path.exists(own):  # then as words of the application, behind ours
        lines = [one for one in read(own).splitlines() if one.startswith("Exec")]
        check(all(one.startswith(f"Exec={PREFIX}") for one in lines), f"{line}: {lines}")
        run("/bin/sh", "-c", lines[0].removeprefix("Exec="), cwd=HOME)
        canary.unchanged(f"{line}, run")
    integrate("--undo")
# Keys that speak to the sandbox, or that only some desktops read: none reaches the wrapper's command line.
write(entry, plain.format("viewer %U") + f"X-Sandbox-Options=--bind /:/x:rw\nX-Flatpak=x\nX-Profile=shell\nPath={canary.folder}\nExec[de]=touch {mark}\nActions=new;\n\n[Desktop Action new]\nName=x\nExec=viewer --profile shell --bind /:/x\n")
equal(integrate("viewer").returncode, 0, "keys")
for line in read(own).splitlines():
    if re.match(r"Exec *=", line):
        check(line.startswith(f"Exec={PREFIX}viewer") or line.startswith(f'Exec={PREFIX}{VIEWER}') or line.startswith(f'Exec={PREFIX}"'), f"{line!r}")
canary.unchanged("keys")
integrate("--undo")
shutil.rmtree(SYSTEM)
shutil.rmtree(os.path.join(HOME, "report"))
runpy.run_path(os.path.join(TESTS, "cases/integrate/hostile/check.py"), run_name="__main__")
canary.unchanged("after all")
