"""A38 (CVE-2024-32462, CVE-2020-17367): a name or an argument is taken for an option, or is read by a shell."""
from attack import *

canary = Canary()
PAYLOADS = ("--bind=/:/x:rw", "--profile=shell", "-rf", "--", "-", "--set", "--help", "$(touch {0})", "`touch {0}`", "; touch {0}", "| touch {0}", "&& touch {0}", "a\ntouch {0}\n", "> {0}", "%U", "%F",
            "${{HOME}}", "*", "~", "\\", "'", '"', "é\u0301", "\x7f", " ", "")
payloads = [text.format(f"{canary.folder}/injected") for text in PAYLOADS]
run("/bin/sh", "-c", "echo " + payloads[9])
control("injected" in canary.changed(), "a shell that is given the text")
canary.renew()
SHOW = "import json, sys; print(json.dumps(sys.argv[1:]))"
done = minimal(PYTHON, "-c", SHOW, *payloads)
equal(json.loads(done.stdout), payloads, f"arguments of the application ({done.stderr})")
for text in payloads:
    done = minimal(PYTHON, "-c", SHOW, text, options=[])
    equal(json.loads(done.stdout), [text], "one argument")
    done = minimal(text)
    check(done.returncode in (2, 125, 126, 127) and done.stdout == "" and done.stderr.count("\n") <= 1, f"as a command: {text!r}: {done}")
    # The first word after the name of an application is the application's, whatever it looks like.
    os.makedirs(f"{HOME}/.config/sandbox/apps", exist_ok=True)
    with open(f"{HOME}/.config/sandbox/apps/org.example.Args.toml", "w") as file:
        file.write(f'schema = 1\n[app]\nnames = ["args"]\nexec = ["{PYTHON}"]\nargs = ["-c", {json.dumps(SHOW)}]\nextends = ["class/headless"]\n')
    done = run(SANDBOX, "run", "args", text)
    equal(json.loads(done.stdout or '"nothing"'), [text], f"the application's ({done.stderr})")
    canary.unchanged(text)
shutil.rmtree(f"{HOME}/.config/sandbox")
# Files with such names are granted as files, and folders as folders.
for number, text in enumerate(text for text in payloads if text not in ("", "--") and "/" not in text and "\x7f" not in text):
    path = f"{HOME}/names/{text}"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(f"file {number}\n")
    with open(f"{HOME}/case.toml", "w") as file:
        file.write(f"schema = 1\n[files]\n{json.dumps(path.replace('$', '$$'), ensure_ascii=False)} = \"ro\"\n")
    done = run(SANDBOX, "run", "--profile", f"{HOME}/case.toml", "--", "/bin/cat", path)
    if done.returncode != 0:  # `$` begins a place in a path
        check("$" in text, f"{text!r}: {done}")
        continue
    equal(done.stdout, f"file {number}\n", text)
with running("joined", "/bin/sleep", "60"):
    done = verb("exec", "joined", "--", PYTHON, "-c", SHOW, *payloads)
    equal(json.loads(done.stdout), payloads, "arguments of a guest")
    for text in ("-joined", "--all", "../joined", "joined/../joined", "joined;", "$(echo joined)"):
        done = verb("state", text)
        check(done.returncode in (2, 125) and done.stdout == "", f"as an instance: {text!r}: {done}")
canary.unchanged("after all")
