"""A14: the source of a grant, or a part of its path, is a link that an app made."""
from attack import *

canary = Canary()
evil = f"{HOME}/evil"
os.mkdir(evil)
links = {"root": "/", "home": HOME, "canary": canary.folder, "climb": "../" * 12 + canary.folder[1:], "magic": f"/proc/self/root{canary.folder}", "dots": ".."}
for name, target in links.items():
    os.symlink(target, f"{evil}/{name}")
done = run(*BWRAP, "--bind", f"{evil}/canary", "/data", "/bin/sh", "-c", "cat /data/secret; echo written >/data/new")
control(done.stdout == SECRET and "new" in canary.changed(), f"bubblewrap: {done}")
canary.renew()
for name in links:
    for access in ("ro", "rw"):
        for part in ("", "/deep", "/canary/deep", canary.folder):
            path = f"{evil}/{name}{part}"
            wish = f'[files."{path}"]\naccess = "{access}"\ntarget = "/data"\n'
            mount = f'[[mount]]\ntype = "bind"\nsource = "{path}"\ntarget = "/data"\n'
            overlay = f'[[mount]]\ntype = "overlay"\nsource = "{path}"\ntarget = "/data"\n'
            for text in (wish, mount, overlay):
                done = with_profile(f'[files]\n"{evil}" = "rw"\n' + text, "/bin/sh", "-c", "cat /data/secret /data/canary/secret; echo written >/data/new; true")
                refused(done)
            canary.unchanged(path)
