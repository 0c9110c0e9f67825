"""A15 (CVE-2018-15664): copying into or out of a running sandbox follows its links on the host. There is no verb that copies."""
from attack import *

canary = Canary()
data = f"{HOME}/data"
os.mkdir(data)
with running("copied", "/bin/sh", "-c", f"ln -s {canary.folder}/passwd {data}/out; ln -s {canary.folder} {data}/folder; sleep 60", options=["--bind", f"{data}:{data}:rw"]):
    wait_until("the links", lambda: os.path.islink(f"{data}/folder"))
    # The control: a copy by name through the folder of the sandbox's own process, as a verb might do it.
    number = wait_until("the last of it", lambda: next((n for n, name in own_processes().items() if name == "sleep"), None))
    with open(f"{HOME}/payload", "w") as file:
        file.write("copied\n")
    run("/bin/cp", f"{HOME}/payload", f"/proc/{number}/root{data}/out")
    control("passwd" in canary.changed(), "cp through /proc/PID/root")
    canary.renew()
    # No verb and no option of exec takes or brings files.
    help_text = run(SANDBOX, "--help").stdout
    verbs = re.findall(r"^  ([a-z]+) ", help_text, re.M)
    check("run" in verbs and not {"cp", "copy", "push", "pull", "put", "get", "mount", "import"} & set(verbs), f"verbs: {verbs}")
    for words in (["cp", f"{HOME}/payload", f"copied:{data}/out"], ["copy", f"copied:{data}/folder/secret", HOME]):
        one_error(run(SANDBOX, *words), 2, "unknown verb")
    for option in ("--bind", "--profile", "--set", "--preserve-fds"):
        one_error(verb("exec", option, f"{HOME}:/data", "copied", "--", "/bin/true"), 2, option)
    canary.unchanged("after the refusals")
    # What goes through exec is opened inside, where the link leads nowhere.
    done = verb("exec", "copied", "--", "/bin/sh", "-c", f"cat >{data}/out; cat {data}/folder/secret", stdin=None, input="through exec\n")
    check(done.returncode != 0 and SECRET not in done.stdout, f"through exec: {done}")
    canary.unchanged("through exec")
