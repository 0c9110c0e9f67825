"""rw works both ways, ro only reads, deny inside a granted folder hides, what is optional may be missing."""
from support import *

os.makedirs(f"{HOME}/Documents/private", exist_ok=True)
for path in ("Downloads/from-outside", "Documents/private/secret"):
    with open(f"{HOME}/{path}", "w") as file:
        file.write("text\n")
def inside(text):
    return run(SANDBOX, "run", "--profile", "files-case", "--", "/bin/sh", "-c", text)
done = inside(f'cat "{HOME}/Downloads/from-outside" && echo answer >"{HOME}/Downloads/from-inside"')
equal((done.returncode, done.stdout), (0, "text\n"), "rw")
equal(open(f"{HOME}/Downloads/from-inside").read(), "answer\n", "seen outside")
equal(os.stat(f"{HOME}/Downloads/from-inside").st_uid, os.getuid(), "its owner")
done = inside(f'cat "{HOME}/Documents/letter.txt"; touch "{HOME}/Documents/new" "{HOME}/Documents/letter.txt" 2>/dev/null && echo wrote; true')
equal(done.stdout, "canary: a letter\n", "ro")
done = inside(f'cat "{HOME}/Documents/private/secret"; ls -A "{HOME}/Documents/private"; true')
equal(done.stdout, "", "deny")
done = inside(f'ls -A "{HOME}"')
equal(sorted(done.stdout.split()), ["Documents", "Downloads"], "the home inside")
