"""Every example of the manual does what it says: each `$ COMMAND` is run, and prints what stands below it (`...` is anything)."""
import glob
import gzip
import re

from support import *

works()
prefix = os.path.dirname(os.path.dirname(SANDBOX))
environment = {**os.environ, "PATH": f"{os.path.dirname(SANDBOX)}:{os.environ['PATH']}"}


def blocks(path):
    """The literal blocks of a page as it is installed, without the marks of troff."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt") as file:
        page = file.read()
    for block in re.findall(r"^\.nf\n\.RS 4\n(.*?)^\.fi\n", page, re.M | re.S):
        for mark, letter in ((r"\&", ""), (r"\-", "-"), (r"\(ti", "~"), (r"\(ha", "^"), (r"\(aq", "'"), (r"\(ga", "`"), (r"\e", "\\"), (r"\\", "\\")):
            block = block.replace(mark, letter)
        yield block


def wanted(expected):
    return re.compile("".join(".*" if part == "..." else re.escape(part) for part in re.split(r"(\.\.\.)", expected)) + r"\n?", re.S)


tried = 0
for page in sorted(glob.glob(f"{prefix}/share/man/man*/sandbox*")):
    for block in blocks(page):
        if not block.startswith("$ "):
            continue
        for command, expected in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M):
            done = subprocess.run(["sh", "-c", command], env=environment, cwd=HOME, text=True, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
            check(wanted(expected).fullmatch(done.stdout), f"{os.path.basename(page)}: '{command}' printed\n{done.stdout}{done.stderr}\nwanted\n{expected}")
            tried += 1
check(tried >= 10, f"only {tried} examples were found below {prefix}/share/man")
