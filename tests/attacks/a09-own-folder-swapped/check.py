"""A9 (CVE-2024-42472): an app swaps folders that it keeps for links; the next start follows them."""
from attack import *

canary = Canary()
homes = f"{HOME}/.local/share/sandbox/homes"
app = f"{homes}/org.example.Swap"
# The control: a launcher that binds the folder by its name.
kept = f"{HOME}/kept"
os.makedirs(kept)
done = run(*BWRAP, "--bind", kept, "/data", "/bin/sh", "-c", "true")
os.rename(kept, kept + ".old")
os.symlink(canary.folder, kept)
done = run(*BWRAP, "--bind", kept, "/data", "/bin/sh", "-c", "cat /data/secret; echo written >/data/new")
control(done.stdout == SECRET and "new" in canary.changed(), f"bubblewrap: {done}")
canary.renew()

ID = '[app]\nid = "org.example.Swap"\n'
PERSIST = ID + '[home]\nmode = "app"\npersist = [".config/app", "data"]\n'
WHOLE = ID + '[home]\nmode = "app"\n'
steal = f"cat ~/.config/app/secret ~/data/secret ~/secret ~/Downloads/secret; echo written >~/.config/app/new; echo written >~/data/new; echo written >~/new; true"


def start(text, command):
    return with_profile(text, "/bin/sh", "-c", command)


check(start(PERSIST, "echo kept >~/.config/app/file; echo kept >~/data/file").returncode == 0, "the first start")
# From inside: what is mounted cannot be moved; what is not is the app's.
done = start(PERSIST, f"mv ~/data ~/old; mv ~/.config/app ~/old; rmdir ~/data; rm -rf ~/.config; ln -s {canary.folder} ~/.config; ls -ld ~/data ~/.config")
canary.unchanged("a swap from inside")
check(start(PERSIST, "true").returncode == 0, "the start after it")
# As if it had succeeded, at each level of the folders that are kept.
for level in (f"{app}/data", f"{app}/.config/app", f"{app}/.config", app, homes):
    for target in (canary.folder, "../" * 12 + canary.folder[1:], "/proc/self/root" + canary.folder, f"{HOME}/.ssh"):
        os.rename(level, level + ".aside")
        os.symlink(target, level)
        for text in (PERSIST, WHOLE, PERSIST.replace('"app"', '"overlay"', 1)):
            done = start(text, steal)
            check("secret of" not in done.stdout + done.stderr and "canary" not in done.stdout, f"{level} → {target}: {done}")
            canary.unchanged(f"{level} → {target}")
            if level in (app, homes) and text != PERSIST.replace('"app"', '"overlay"', 1):
                refused(done, "a link or a file stands where a folder of the sandbox belongs")
        os.unlink(level)
        os.rename(level + ".aside", level)
# A folder of the whole home that the app owns, where a grant is mounted at the next start.
check(start(WHOLE, f"rm -rf ~/Downloads; ln -s {canary.folder} ~/Downloads; ln -s {canary.folder} ~/given").returncode == 0, "the app's links")
for grant in ('[files]\n"${DOWNLOADS}" = "rw"\n', f'[files."/usr/share/doc"]\naccess = "ro"\ntarget = "${{HOME}}/given/x"\n', f'[files]\n"{canary.folder}/deep" = "ro"\n'):
    done = start(WHOLE + grant, "true")
    if done.returncode != 0:
        one_error(done, 125)
    canary.unchanged(grant)
