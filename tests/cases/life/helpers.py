"""What the cases of running sandboxes share."""
import contextlib

from support import *

RECORDS = os.path.join(os.environ["XDG_RUNTIME_DIR"], "sandbox")


@contextlib.contextmanager
def running(name, *command, options=(), profile="minimal"):
    """A sandbox under that id, on record as running; ended with the block."""
    process = subprocess.Popen([SANDBOX, "run", "--profile", profile, "--id", name, *options, "--", *command], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(f"{name} runs", lambda: verb("state", name).returncode == 0 and json.loads(verb("state", name).stdout)["status"] == "running")
        yield process
    except BaseException:
        # What the sandbox itself had to say is part of what failed.
        process.kill()
        sys.stderr.write("".join(f"{name} said: {line}\n" for line in process.communicate()[1].splitlines()))
        raise
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def verb(name, *words, **keywords):
    return run(SANDBOX, name, *words, **keywords)


def succeeds(done, what):
    check(done.returncode == 0 and done.stderr == "", f"{what}: status {done.returncode}, stderr {done.stderr!r}")
    return done.stdout
