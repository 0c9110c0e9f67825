"""The command is searched in PATH inside, never in the current directory; a slash means that path alone; 127 not found, 126 not to be run."""
from runtime.helpers import *

root = busybox_root(f"{HOME}/root")
for name, text, mode in (("bin/only-here", "#!/bin/sh\necho only here\n", 0o755), ("bin/data", "text\n", 0o644), ("data/local", "#!/bin/sh\necho local\n", 0o755),
                         ("bin/no-interpreter", "#!/no/such/shell\n", 0o755), ("bin/garbage", "\x7fELF garbage", 0o755)):
    with open(f"{root}/{name}", "w") as file:
        file.write(text)
    os.chmod(f"{root}/{name}", mode)
text = f'[root]\nsource = "{root}"\n'
says(with_profile(text, "only-here"), "only here\n", "in PATH of the root")
one_error(with_profile(text, "python3"), 127, "python3")
one_error(with_profile(text, "/usr/bin/python3"), 127, "/usr/bin/python3")
says(with_profile(text, "./local", options=["--cwd", "/data"]), "local\n", "with a slash: relative to the working folder")
one_error(with_profile(text, "local", options=["--cwd", "/data"]), 127, "local")
one_error(with_profile(text, "local", options=["--cwd", "/data", "--env", "PATH=:.:/bin"]), 127, "local")
says(with_profile(text, "local", options=["--env", "PATH=/data:/bin"]), "local\n", "another PATH")
for name in ("data", "/bin/data", "/bin", "/dev/null", "/bin/garbage", "/bin/no-interpreter"):
    one_error(with_profile(text, name), 126, name)
one_error(with_profile(text, "/proc/self/exe"), 126, "/proc/self/exe")
one_error(with_profile(text, "/proc/1/exe"), 126, "/proc/1/exe")
one_error(with_profile(text, ""), 2)
# The environment is made, not inherited.
hostile = {**os.environ, "LD_PRELOAD": "/no/such.so", "GCONV_PATH": "/tmp", "SECRET_TOKEN": "x", "IFS": "x", "LC_ALL": "C", "BASH_FUNC_x%%": "() { :; }"}
done = with_profile("", "/usr/bin/env", options=["--env", "MINE=a=b c", "--env", "EMPTY=", "--unsetenv", "NO_AT_BRIDGE"], env=hostile)
found = dict(line.split("=", 1) for line in succeeds(done, "env").splitlines())
check(not {"LD_PRELOAD", "GCONV_PATH", "SECRET_TOKEN", "IFS", "NO_AT_BRIDGE", "BASH_FUNC_x%%", "SANDBOX", "PROBE"} & set(found), f"inherited: {found}")
equal((found["MINE"], found["EMPTY"], found["LC_ALL"], found["HOME"], done.stderr), ("a=b c", "", "C", HOME, ""), "what was set")
for name in ("A B=1", "=1", "NAME"):
    done = with_profile("", "/usr/bin/env", options=["--env", name])
    check(done.returncode in (2, 125) and len(done.stderr.splitlines()) == 1, f"--env {name!r}: {done}")
