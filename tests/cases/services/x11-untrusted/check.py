"""A cookie of the server's own making: the app has windows, and no way to those of others."""
from services.helpers import *

profile("org.example.Untrusted", '[services]\nx11 = "untrusted"\n')
profile("org.example.Trusted", '[services]\nx11 = true\n')
with Display() as display:
    def extensions(name):
        done = run(SANDBOX, "run", "--profile", name, "--", "xdpyinfo", env=display.environment)
        equal((done.returncode, done.stderr), (0, ""), "xdpyinfo")
        return done.stdout.split("number of extensions:")[1].split("default screen")[0].split()[1:]
    check("XTEST" in extensions("org.example.Trusted"), "the control: a trusted client has XTEST")
    equal(extensions("org.example.Untrusted"), ["BIG-REQUESTS", "XC-MISC"], "what an untrusted client has")
    # A window of the host, and the app's look at it.
    other = subprocess.Popen(["xmessage", "-name", "secret", "a secret"] if os.path.exists("/usr/bin/xmessage") else ["xterm", "-T", "secret"],
                             env=display.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until("the window of the host", lambda: display.windows(), 20)
    for command in (["xwd", "-root", "-silent"], ["import", "-window", "root", "png:-"], ["xdotool", "key", "a"]):
        if not os.path.exists("/usr/bin/" + command[0]):
            continue
        trusted = run(SANDBOX, "run", "--profile", "org.example.Trusted", "--", *command, env=display.environment, stdout=subprocess.DEVNULL)
        done = run(SANDBOX, "run", "--profile", "org.example.Untrusted", "--", *command, env=display.environment, stdout=subprocess.DEVNULL)
        check(done.returncode != 0, f"{command} of an untrusted client went well (a trusted one: {trusted.returncode})")
    # The abstract socket, and the user's own cookie, are out of reach.
    reach = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect(chr(0) + '/tmp/.X11-unix/X{display.number}')"
    done = run(SANDBOX, "run", "--profile", "org.example.Untrusted", "--", "/usr/bin/python3", "-c", reach, env=display.environment)
    check(done.returncode != 0 and "refused" in done.stderr, f"the abstract socket: {done.stderr}")
    # On the host's network it could not be found, and is refused.
    one_error(run(SANDBOX, "run", "--profile", "org.example.Untrusted", "--net", "host", "--", "/bin/true", env=display.environment), 125,
              "x11 = \"untrusted\" needs a network namespace of the app's own: on the host's it could not find the display")
    other.kill()
    other.wait()
