"""A42 (firejail #7154): an application makes or changes what decides over it, or what the user's session and shell run."""
from attack import *

canary = Canary()
PLACES = (".config/sandbox/base.toml", ".config/sandbox/apps/firefox.toml", ".local/share/sandbox/homes/other/file", ".config/autostart/x.desktop", ".config/systemd/user/x.service",
          ".local/share/applications/firefox.desktop", ".local/share/dbus-1/services/x.service", ".bashrc", ".bash_profile", ".profile", ".zshrc", ".config/fish/config.fish", ".local/bin/ls", "bin/ls",
          ".config/environment.d/x.conf", ".xsession", ".xprofile", ".pam_environment", ".ssh/authorized_keys", ".gitconfig", ".vimrc", ".config/user-dirs.dirs", ".config/mimeapps.list", ".config/dconf/user",
          ".config/wireplumber/main.lua.d/x.lua", ".config/pulse/default.pa", ".asoundrc", ".config/labwc/autostart")
for place in PLACES:
    os.makedirs(os.path.dirname(f"{HOME}/{place}"), exist_ok=True)
    if not os.path.exists(f"{HOME}/{place}"):
        with open(f"{HOME}/{place}", "w") as file:
            file.write("schema = 1\n" if place.endswith(".toml") else f"# the user's own {place}\n")
WRITE = "".join(f'mkdir -p "$(dirname ~/{place})"; echo injected >>~/{place}; rm -f ~/{place}.new; echo injected >~/{place}.new; mv ~/{place}.new ~/{place}\n' for place in PLACES)
outside = {place: open(f"{HOME}/{place}").read() for place in PLACES}


def injected():
    return [place for place in PLACES if open(f"{HOME}/{place}").read() != outside[place]]


run(*BWRAP, "--bind", HOME, HOME, "/bin/sh", "-c", WRITE)
control(len(injected()) == len(PLACES), f"bubblewrap with the home: {injected()}")
for place in PLACES:
    with open(f"{HOME}/{place}", "w") as file:
        file.write(outside[place])
for name, text in {"app": '[home]\nmode = "app"\n[app]\nid = "org.example.Edit"\n', "disposable": "", "shared": '[home]\nmode = "shared"\n', "overlay": '[home]\nmode = "overlay"\n[app]\nid = "org.example.Edit"\n',
                   "downloads": f'[home]\nmode = "shared"\n[files]\n"{HOME}/Downloads" = "rw"\n'}.items():
    done = with_profile(text, "/bin/sh", "-c", WRITE + "true")
    equal(injected(), [], f"a home that is {name} ({done.stderr[:200]})")
with running("edits", "/bin/sleep", "60", profile=profile('[home]\nmode = "shared"\n')):
    verb("exec", "edits", "--", "/bin/sh", "-c", WRITE)
    equal(injected(), [], "a guest")
# No profile and no option grants them for writing: nor a folder above, nor by another name.
os.symlink(HOME, f"{HOME}/Downloads/home")
os.symlink(f"{HOME}/.config", f"{HOME}/settings")
for place in ("", ".config", ".config/sandbox", ".config/sandbox/apps", ".local", ".local/share", ".local/share/sandbox", ".config/autostart", ".config/systemd/user", ".local/share/applications", ".bashrc", ".profile",
              ".zshrc", ".local/bin", "bin", ".ssh", ".ssh/authorized_keys", ".config/environment.d", ".gitconfig", ".config/dconf", ".config/wireplumber", ".config/pulse", ".asoundrc", ".config/labwc/autostart", "settings/autostart", "settings/sandbox", "./.config/../.config/autostart"):
    for launcher in ([*MINIMAL, "--bind", f"{HOME}/{place}:/data:rw", "--"], [SANDBOX, "run", "--profile", profile(f'[files."{HOME}/{place}"]\naccess = "rw"\ntarget = "/data"\n'), "--"],
                     [SANDBOX, "run", "--profile", profile(f'[[mount]]\ntype = "bind"\nsource = "{HOME}/{place}"\ntarget = "/data"\noptions = ["rw"]\n', "mount"), "--"]):
        done = run(*launcher, "/bin/sh", "-c", "echo injected >/data/new; echo injected >>/data; true")
        refused(done)
equal(injected(), [], "after all grants")
canary.unchanged("after all")
