"""A8 (CVE-2026-87766): the set-up makes a mount point below a link in a folder of the app's, and the link leads out."""
from attack import *

canary = Canary()
evil = f"{HOME}/evil"
climb = "../" * 12


def make(target):
    shutil.rmtree(evil, ignore_errors=True)
    os.mkdir(evil)
    os.symlink(target, f"{evil}/d")


make(f"/oldroot{canary.folder}")
done = run(*BWRAP, "--bind", evil, "/data", "--dir", "/data/d/made", "--file", "0", "/data/d/file", "/bin/true")
control("made" in canary.changed(), f"bubblewrap 0.8.0: {done}")
canary.renew()

targets = [f"/oldroot{canary.folder}", canary.folder, climb + canary.folder[1:], "..", "../canary", f"/proc/self/root{canary.folder}", f"/proc/1/root{canary.folder}"] + \
          [f"/proc/self/fd/{fd}" for fd in range(3, 16)] + [f"/proc/self/fd/{fd}{canary.folder}" for fd in range(3, 8)]
wishes = {"tmpfs": '[[mount]]\ntype = "tmpfs"\ntarget = "/data/d/made"\n',
          "data": '[[mount]]\ntype = "data"\nsource = "x"\ntarget = "/data/d/file"\n',
          "symlink": '[[mount]]\ntype = "symlink"\nsource = "x"\ntarget = "/data/d/new"\n',
          "bind": f'[[mount]]\ntype = "bind"\nsource = "/usr/share"\ntarget = "/data/d/deep/made"\n',
          "mask": '[mask]\npaths = ["/data/d/secret"]\n',
          "readonly": '[mask]\nreadonly = ["/data/d/deep"]\n',
          "file": f'[files."/usr/share/doc"]\naccess = "ro"\ntarget = "/data/d/made"\n',
          "created": f'[files."{evil}/d/made"]\naccess = "rw"\ncreate = true\n',
          "home": f'[home]\nmode = "shared"\n[files."{evil}/d/made"]\naccess = "ro"\noptional = true\n'}
held = 0
for target in targets:
    for name, wish in wishes.items():
        make(target)
        table = f'[files."{evil}"]\naccess = "rw"\ntarget = "/data"\n'
        done = with_profile((wish + table) if wish.startswith("[home]") else (table + wish), "/bin/sh", "-c", "echo written >/data/d; echo written >/data/d/new2; true")
        if done.returncode != 0:
            refused(done)
        canary.unchanged(f"{name} below a link to {target}")
        held += 1
done = undefended("target-links own-folders", "/bin/true", profile=profile(f'[files."{evil}"]\naccess = "rw"\ntarget = "/data"\n'))
control(done.returncode == 0, f"a plain start of the other helper: {done}")
