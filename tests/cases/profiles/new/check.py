"""`profile new` makes a profile that starts, and writes over none."""
from support import *

works()
done = run(SANDBOX, "profile", "new", "--class", "headless", "--id", "my-echo", "/bin/echo")
equal(done.returncode, 0, f"status: {done.stderr}")
check('".config/echo"' in done.stdout, f"its folders are called by the program, not by the id: {done.stdout}")
check(not os.path.exists(f"{HOME}/.config/sandbox"), "something was written without --write")
done = run(SANDBOX, "profile", "new", "--class", "headless", "--id", "my-echo", "--write", "/bin/echo")
equal((done.returncode, done.stdout.splitlines()[0]), (0, f"{HOME}/.config/sandbox/apps/my-echo.toml"), "where it was put")
equal(done.stdout.splitlines()[1:], ["next: 'sandbox run --log-denials my-echo' tries it and tells what it is refused"], "what is told to do next")
equal(run(SANDBOX, "run", "my-echo", "hello").stdout, "hello\n", "what the app printed")
equal(run(SANDBOX, "profile", "check", "my-echo").returncode, 0, "its check")
one_error(run(SANDBOX, "profile", "new", "--class", "headless", "--id", "my-echo", "--write", "/bin/echo"), 125, f"there is a profile '{HOME}/.config/sandbox/apps/my-echo.toml' already", "--force")
equal(run(SANDBOX, "profile", "new", "--class", "desktop", "--id", "my-echo", "--write", "--force", "/bin/echo").returncode, 0, "--force")
with open(f"{HOME}/.config/sandbox/apps/my-echo.toml") as file:
    check("class/desktop" in file.read(), "--force wrote nothing")
equal(sorted(os.listdir(f"{HOME}/.config/sandbox/apps")), ["my-echo.toml"], "what is left in the folder")
one_error(run(SANDBOX, "profile", "new", "no-such-program"), 127, "no-such-program", "PATH")
one_error(run(SANDBOX, "profile", "new", "--class", "hedless", "/bin/echo"), 125, "did you mean 'headless'")
one_error(run(SANDBOX, "profile", "new", "--id", "-x", "/bin/echo"), 2, "'-x'")

# From an entry of the menus: its id, program, the words of every start, and the class that its categories speak of.
menus = f"{HOME}/.local/share/applications"
os.makedirs(menus)


def entry(name, **keys):
    with open(f"{menus}/{name}", "w") as file:
        file.write("[Desktop Entry]\nType=Application\nName=x\n" + "".join(f"{key}={value}\n" for key, value in keys.items()))


def made(name, *options):
    done = run(SANDBOX, "profile", "new", *options, name)
    equal((done.returncode, done.stderr), (0, ""), f"a profile of {name}")
    with open(f"{HOME}/made.toml", "w") as file:
        file.write(done.stdout)
    equal(run(SANDBOX, "profile", "check", "--no-host", f"{HOME}/made.toml").stdout.strip(), "1 profile, nothing to tell", f"the check of what {name} gave")
    return done.stdout


entry("org.example.Notes.desktop", Exec="env A=B cat --show-all %F", Categories="GNOME;GTK;Utility;TextEditor;", Actions="new;")
text = made("org.example.Notes.desktop")
for line in ('names   = ["cat"]', 'exec    = ["/usr/bin/cat"]', 'args    = ["--show-all"]', 'desktop = ["org.example.Notes.desktop"]',
             'extends = ["class/editor"]', 'persist = [".config/cat", ".local/share/cat", ".cache/cat"]'):
    check(line in text.splitlines(), f"no line {line!r} in\n{text}")
for categories, name in {"Network;WebBrowser;": "browser", "Utility;Calculator;": "calculator", "Graphics;Viewer;": "viewer", "Graphics;2DGraphics;": "studio",
                         "Game;CardGame;": "game", "AudioVideo;Audio;Player;": "player", "Network;Email;": "online", "System;": "desktop", "": "desktop"}.items():
    entry("org.example.Some.desktop", Exec="/bin/cat %U", Categories=categories)
    check(f'extends = ["class/{name}"]' in made("org.example.Some.desktop"), f"{categories!r} is not class/{name}")
check('extends = ["class/viewer"]' in made("org.example.Some.desktop", "--class", "viewer"), "--class is not the last word")
entry("org.example.Some.desktop", Exec="cat", Terminal="true", Categories="Utility;TextEditor;")
check('extends = ["class/headless"]' in made("org.example.Some.desktop"), "a program for the terminal")
check('desktop = ["org.example.Some.desktop"]' in made(f"{menus}/org.example.Some.desktop"), "by the path of the file")

# A program that lies elsewhere than the system's is shown: with the folder that it came in, or alone where many lie.
for folder in ("Apps/tool/bin", "Apps/tool/lib", ".local/bin", "bin", "Downloads", "Documents/bin", ".config", ".local/share", ".cache/x/bin", "Open/tool"):
    os.makedirs(f"{HOME}/{folder}", exist_ok=True)
with open(f"{HOME}/Apps/tool/lib/text", "w") as file:
    file.write("of the folder\n")
os.chmod(f"{HOME}/Open/tool", 0o777)
# What somebody dropped among the user's own files is shown alone, and not with them.
dropped = ("Downloads/tool-5", "Documents/bin/tool-6", ".config/tool-7", ".local/share/tool-8", "Open/tool/tool-9")
for path in ("Apps/tool/bin/tool", ".local/bin/tool-2", "bin/tool-3", "tool-4", *dropped):
    with open(f"{HOME}/{path}", "w") as file:
        file.write('#!/bin/sh\ncat "$(dirname "$(dirname "$(readlink -f "$0")")")/lib/text" 2>/dev/null || echo alone\n')
    os.chmod(f"{HOME}/{path}", 0o755)
os.symlink(f"{HOME}/Apps/tool/bin/tool", f"{HOME}/.local/bin/linked")
for path, shown, said in (("Apps/tool/bin/tool", "Apps/tool", "of the folder"), (".local/bin/linked", "Apps/tool", "of the folder"), (".local/bin/tool-2", ".local/bin/tool-2", "alone"),
                          ("bin/tool-3", "bin/tool-3", "alone"), ("tool-4", "tool-4", "alone"), *((path, path, "alone") for path in dropped)):
    done = run(SANDBOX, "profile", "new", "--write", "--class", "headless", f"{HOME}/{path}")
    equal(done.returncode, 0, f"{path}: {done.stderr}")
    with open(done.stdout.splitlines()[0]) as file:
        equal(file.read().split("[files]\n")[1:], [f'"${{HOME}}/{shown}" = "ro"\n'], f"what is shown of {path}")
    done = run(SANDBOX, "run", os.path.basename(path))
    equal((done.returncode, done.stdout), (0, f"{said}\n"), f"{path}: {done.stderr}")
done = run(SANDBOX, "profile", "learn", "--class", "headless", "--id", "learned", f"{HOME}/Apps/tool/bin/tool", timeout=120)
equal((done.returncode, done.stdout.split("[files]\n")[1:]), (0, ['"${HOME}/Apps/tool" = { access = "ro", optional = true }\n']), f"what is learned of it: {done.stderr}")
for home in ("", "/"):
    done = run(SANDBOX, "profile", "new", "--class", "headless", "--id", "homeless", f"{HOME}/tool-4", env={**os.environ, "HOME": home})
    check(f'"{HOME}/tool-4" = "ro"' in done.stdout, f"what is shown where HOME is {home!r}: {done}")
check("[files]" not in run(SANDBOX, "profile", "new", "--class", "headless", "--id", "my-own-echo", "/bin/echo").stdout, "a program of the system needs nothing")

# It starts, with the words of the entry; its icon can be put behind the sandbox at once.
done = run(SANDBOX, "profile", "new", "--write", "--class", "headless", "org.example.Notes.desktop")
check("sandbox integrate org.example.Notes" in done.stdout, done.stdout)
equal(run(SANDBOX, "run", "cat", input="a\tb\n", stdin=None).stdout, "a^Ib$\n", "what the app of the entry printed")
equal(run(SANDBOX, "integrate", "org.example.Notes").returncode, 0, "integrate")
one_error(run(SANDBOX, "profile", "new", "org.example.Notes.desktop"), 125, "it starts the sandbox already", "--undo")

one_error(run(SANDBOX, "profile", "new", "org.example.Nowhere.desktop"), 127, "no 'org.example.Nowhere.desktop' is installed", "XDG_DATA_DIRS")
one_error(run(SANDBOX, "profile", "new", "org.example.notes.desktop"), 127, "no 'org.example.notes.desktop' is installed", "did you mean 'org.example.Notes.desktop'?")
for keys, words in (({"Exec": "no-such-program %f"}, "'no-such-program %f' is not installed"), ({}, "it starts no application"), ({"Exec": "cat | sh"}, "is not quoted"),
                    ({"Exec": "cat", "Type": "Link"}, "it starts no application")):
    entry("org.example.Bad.desktop", **keys)
    one_error(run(SANDBOX, "profile", "new", "org.example.Bad.desktop"), 125, words, "' makes no profile: ")
with open(f"{menus}/org.example.Bad.desktop", "w") as file:
    file.write("no key file")
one_error(run(SANDBOX, "profile", "new", f"{menus}/org.example.Bad.desktop"), 125, "is no key file")
with open(f"{menus}/org.example.Bad.desktop", "wb") as file:
    file.write(b"[Desktop Entry]\nExec=\xff\n")
one_error(run(SANDBOX, "profile", "new", f"{menus}/org.example.Bad.desktop"), 125, "is no text in UTF-8")

# The name of a program that somebody dropped is a name, and no line of the profile.
planted = f"{HOME}/Downloads/x\nnetwork.mode = \"host\"\nservices.x11 = true\n#"
os.makedirs(os.path.dirname(planted), exist_ok=True)
with open(planted, "w") as file:
    file.write("#!/bin/sh\n")
os.chmod(planted, 0o755)
quoted = planted.replace("\n", "\\n").replace('"', '\\\\"')
entry("org.example.Dropped.desktop", Exec=f'"{quoted}"')
done = run(SANDBOX, "profile", "new", "org.example.Dropped.desktop")
equal(done.returncode, 0, f"an entry of a dropped program: {done.stderr}")
check("network" in done.stdout and not any(line.startswith(("network", "services")) for line in done.stdout.splitlines()), f"its name became lines:\n{done.stdout}")

# A program that has a profile: another one would count instead of it, or be laid over it, and nobody asked for that.
apps = f"{HOME}/.config/sandbox/apps"
with open(f"{apps}/org.example.Paste.toml", "w") as file:
    file.write('schema = 1\n[app]\nnames = ["pasting"]\nexec = ["/usr/bin/paste"]\nextends = ["class/headless"]\n')
one_error(run(SANDBOX, "profile", "new", "--write", "paste"), 125, "'/usr/bin/paste' has a profile already, 'org.example.Paste'", f"{apps}/org.example.Paste.toml", "--id")
one_error(run(SANDBOX, "profile", "learn", "--write", "paste"), 125, "'/usr/bin/paste' has a profile already, 'org.example.Paste'")
one_error(run(SANDBOX, "profile", "learn", "--write", "--id", "my-echo", "echo"), 125, f"there is a profile '{apps}/my-echo.toml' already")  # before it is used twice
check(not os.path.exists(f"{apps}/paste.toml"), "a second profile was written")
done = run(SANDBOX, "profile", "new", "paste")
check(done.returncode == 0 and done.stdout.startswith("# What paste may have") and "sandbox: warning: '/usr/bin/paste' has a profile already" in done.stderr, f"only printed: {done}")
for options in (["--id", "my-paste"], ["--force"]):
    done = run(SANDBOX, "profile", "new", "--write", *options, "paste")
    equal((done.returncode, done.stderr), (0, ""), f"with {options}")
