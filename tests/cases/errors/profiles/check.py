"""Every wrong profile is one clear line with its place, and starts nothing."""
from support import *

works()

folder = f"{HOME}/.config/sandbox/apps"
os.makedirs(folder, exist_ok=True)
head = 'schema = 1\n[app]\nid = "org.example.Wrong"\nnames = ["wrong"]\nexec = ["/bin/true"]\n'
path = f"{folder}/org.example.Wrong.toml"


def wrong(content, *needles, command=("run", "wrong")):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    for arguments in (command, ("run", "--profile", path, "--", "/bin/echo", "started")):
        done = run(SANDBOX, *arguments, timeout=10)
        check(done.returncode == 125, f"status {done.returncode} of {arguments}, stderr {done.stderr!r}, with {content[-200:]!r}")
        one_error(done, 125, *needles)


wrong(head + "[services]\nx11 = tru\n", "org.example.Wrong.toml:7:")
wrong(head + "[hoem]\nmode = 'app'\n", "org.example.Wrong.toml:6:", "hoem", "home")
wrong(head + "[home]\nmode = 'apq'\n", "org.example.Wrong.toml:7:", "apq")
wrong(head + "[home]\nmode = 5\n", "org.example.Wrong.toml:7:")
wrong(head + "[process]\numask = 'x'\n", "org.example.Wrong.toml:7:")
wrong(head + "[services]\nwaylend = true\n", "org.example.Wrong.toml:7:", "waylend", "wayland")
wrong(head + "[files]\n\"${DOWNLODS}\" = 'rw'\n", "org.example.Wrong.toml:7:", "DOWNLODS")
wrong(head + "[files]\n\"/no/such/folder\" = 'ro'\n", "org.example.Wrong.toml:7:", "/no/such/folder")
wrong(head + "[home]\nmode = 'app'\nmode = 'shared'\n", "org.example.Wrong.toml:8:")
wrong("[app]\nid = 'org.example.Wrong'\nnames = ['wrong']\nexec = ['/bin/true']\n", "schema")
wrong(head.replace("schema = 1", "schema = 2"), "org.example.Wrong.toml:1:", "schema")
wrong(head + "[env]\nset = { A = \"a\\u0000b\" }\n", "org.example.Wrong.toml:7:")
wrong(head.encode() + b"[hostname]\nname = 'a\0b'\n", "org.example.Wrong.toml")
wrong(head.encode() + b"[hostname]\nname = '\xff\xfe'\n", "org.example.Wrong.toml")
wrong(head + "[hostname]\nname = 'a\x1b[31mb'\n", "org.example.Wrong.toml")
wrong(head.replace("[app]", "[app]\nextends = ['class/no-such-class']"), "org.example.Wrong.toml:3:", "no-such-class")
wrong(head + "[process.seccomp]\nallow = ['no_such_call']\n", "org.example.Wrong.toml:7:", "no_such_call")
with open(path, "w") as file:
    file.write("x" * 3000000)
one_error(run(SANDBOX, "run", "--profile", path, "--", "/bin/true"), 125, "org.example.Wrong.toml")
