"""A server of the app's own: the host sees one window, the app sees none of the host's."""
from services.helpers import *

profile("org.example.Isolated", '[services]\nx11 = "isolated"\n')
with Display() as display:
    command = "xdotool search --name . 2>/dev/null | wc -l; xdpyinfo >/dev/null && echo display $DISPLAY; ls /tmp/.X11-unix; echo shown; cat >/dev/null"
    process = subprocess.Popen([SANDBOX, "run", "--profile", "org.example.Isolated", "--", "/bin/sh", "-c", command], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=display.environment)
    lines = []
    while not lines or lines[-1] != "shown":
        line = process.stdout.readline()
        if not line:
            fail(f"it ended early: {lines} {process.stderr.read()}")
        lines.append(line.rstrip("\n"))
    number = str(int(display.number) + 1000)
    equal(lines[1:], [f"display :{number}", f"X{number}", "shown"], "inside")
    wait_until("the window of the nested server", lambda: "org.example.Isolated" in " ".join(display.windows()), 20)
    server = [n for n, name in own_processes().items() if name == "Xephyr"]
    equal(len(server), 1, "one nested server")
    equal(int(status_of(server[0])["CapEff"], 16), 0, "its capabilities")
    out, err = process.communicate("", timeout=20)
    equal((process.returncode, err), (0, ""), "the app")
    wait_until("the server ends with the app", lambda: not [n for n in own_processes().values() if n == "Xephyr"])
