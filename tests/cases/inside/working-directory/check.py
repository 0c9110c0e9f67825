"""The current directory is kept where it exists inside; else it is the home. --cwd is checked."""
from support import *

equal(probe()["cwd"], HOME, "from the home")
os.chdir(f"{HOME}/Documents")
equal(probe()["cwd"], HOME, "from a folder that is not granted")
equal(probe(options=["--bind", f"{HOME}/Documents"])["cwd"], f"{HOME}/Documents", "from a granted folder")
os.chdir("/usr/share")
equal(probe()["cwd"], "/usr/share", "from a folder of the system")
equal(probe(options=["--cwd", "/usr/bin"])["cwd"], "/usr/bin", "--cwd")
one_error(minimal("/bin/true", options=["--cwd", "/no/such/folder"]), 125, "/no/such/folder")
equal(minimal("/bin/true", options=["--cwd", "relative"]).returncode != 0, True, "a relative --cwd")
os.mkdir(f"{HOME}/gone")
os.chdir(f"{HOME}/gone")
os.rmdir(f"{HOME}/gone")
equal(probe()["cwd"], HOME, "from a folder that is gone")
