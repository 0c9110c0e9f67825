"""Programs without a window: foreign files in, text and pictures out."""
import subprocess

import documents
from world import HOME, SANDBOX, equal

NEEDS = ("x11",)


def run(world, *words):
    done = subprocess.run([SANDBOX, "run", *words], capture_output=True, env=world.display.environment, timeout=120)
    return done.returncode, done.stdout, done.stderr.decode()


def pdftotext(world):
    """The text of a document comes out; there is no display, no network and no canary to reach."""
    documents.pdf(f"{HOME}/Documents/terms 5530.pdf", "Terms", [(documents.BLUE, "Terms of nobody 5530")])
    status, out, err = run(world, "pdftotext", f"{HOME}/Documents/terms 5530.pdf", "-")
    equal((status, out.strip(), err), (0, b"Terms of nobody 5530", ""), "status, text, errors")
    status, out, err = run(world, "--profile", "pdftotext", "--", "/bin/sh", "-c", "cat ~/.ssh/canary; ls /tmp/.X11-unix $XDG_RUNTIME_DIR; env; cat /proc/net/dev")
    assert "No such file" in err and b"canary" not in out and b"DISPLAY" not in out, (out, err)
    equal(sorted(line.split(b":")[0].strip() for line in out.splitlines() if b": " in line and b"|" not in line), [b"lo"], "network devices")


def convert(world):
    """A picture is read in one format and written in another."""
    documents.png(f"{HOME}/Pictures/tile 4402.png", documents.ORANGE, 8, 4)
    status, out, err = run(world, "convert", f"{HOME}/Pictures/tile 4402.png", "-depth", "8", "ppm:-")
    equal((status, out, err), (0, b"P6\n8 4\n255\n" + bytes(documents.ORANGE) * 32, ""), "status, picture, errors")


def convert_cannot_write(world):
    """What it may read it may not change."""
    path = f"{HOME}/Pictures/tile 4402.png"
    status, _, err = run(world, "convert", path, "-negate", path)
    assert status != 0 and "unable to open image" in err, (status, err)
    with open(path, "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"
    world.nothing_left()


STEPS = [pdftotext, convert, convert_cannot_write]
