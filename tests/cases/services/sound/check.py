"""With playback alone an app is heard and hears nothing, of a real PipeWire: no source, no monitor, no module, no shared
memory, no property by which a server does more than to play. With the microphone granted it hears, and does no more besides."""
from services.helpers import *

os.environ["PULSE_SERVER"] = f"unix:{RUNTIME}/pulse/native"
PLAY = '[services]\naudio = true\n'
profile("org.example.Plays", PLAY)
profile("org.example.Records", '[services]\naudio = { microphone = true }\n')
servers = []
session = bus()
session.__enter__()


def pactl(*words):
    return run("pactl", *words)


def heard(*command):
    """How many bytes of a recording came that are not silence."""
    done = run("sh", "-c", "timeout 15 " + " ".join(command) + " | head -c 48000 | tr -d '\\0' | wc -c")
    return int(done.stdout or 0), done.stderr


try:
    for command in ("pipewire", "wireplumber", "pipewire-pulse"):
        servers.append(subprocess.Popen([command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    wait_until("the sound server answers", lambda: pactl("info").returncode == 0, 60)
    for words in (("module-null-sink", "sink_name=loudspeaker"), ("module-null-sink", "sink_name=mouth"),
                  ("module-remap-source", "source_name=microphone", "master=mouth.monitor")):
        equal(pactl("load-module", *words).returncode, 0, f"{words}")
    wait_until("the devices are there", lambda: pactl("set-default-sink", "loudspeaker").returncode == 0 and pactl("set-default-source", "microphone").returncode == 0, 30)
    noise = os.path.join(HOME, "noise.raw")
    with open(noise, "wb") as file:
        file.write(os.urandom(48000 * 4 * 90))
    servers.append(subprocess.Popen(["pacat", "--playback", "--device=mouth", "--rate=48000", noise], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    RECORD = "parec --device=microphone --rate=48000 --channels=1 --latency-msec=50"
    wait_until("the control: the microphone hears something", lambda: heard(RECORD)[0] > 1000, 40)
    inside = f"{SANDBOX} run --profile %s --"
    check(heard(inside % "org.example.Records", RECORD)[0] > 1000, "an app that may record hears nothing")
    for device in ("microphone", "mouth.monitor", "loudspeaker.monitor", "@DEFAULT_SOURCE@"):
        count, err = heard(inside % "org.example.Plays", RECORD.replace("=microphone", "=" + device))
        equal(count, 0, f"what an app hears of {device}")
        check("Access denied" in err, f"recording {device}: {err}")
    equal(run(*(inside % "org.example.Records").split(), "pactl", "list", "short", "sources").returncode, 0, "sources for who records")
    for words in ("load-module module-null-sink", "load-module module-ladspa-sink plugin=/tmp/any label=x", "set-default-sink mouth", "set-source-mute microphone 1", "unload-module module-null-sink", "exit"):
        done = run(*(inside % "org.example.Records").split(), "pactl", *words.split())
        check(done.returncode != 0 and "Access denied" in done.stderr, f"pactl {words} of who records: {done.returncode} {done.stderr}")
    for words in ("load-module module-null-sink", "list sources", "set-default-sink mouth", "set-source-mute microphone 1", "suspend-source microphone 1",
                  "set-sink-mute loudspeaker 1", "unload-module module-null-sink", "exit"):
        done = run(*(inside % "org.example.Plays").split(), "pactl", *words.split())
        check(done.returncode != 0 and "Access denied" in done.stderr, f"pactl {words}: {done.returncode} {done.stderr}")
    # The streams of others are nobody's to see or to change.
    others = [line.split()[0] for line in pactl("list", "short", "sink-inputs").stdout.splitlines()]
    check(others, "the control: the stream of the one who speaks is seen outside")
    for name in ("org.example.Plays", "org.example.Records"):
        for words in (["list", "sink-inputs"], ["list", "source-outputs"], ["list", "clients"], *(["set-sink-input-mute", other, "1"] for other in others), *(["set-sink-input-volume", other, "1%"] for other in others)):
            done = run(*(inside % name).split(), "pactl", *words)
            check(done.returncode != 0 and "Access denied" in done.stderr, f"pactl {words} of {name}: {done.returncode} {done.stderr}")
    own = os.path.join(os.environ["CASE"], "own_stream.py")
    equal(run("/usr/bin/python3", own, others[0]).stdout, "2 2 2 2 2\n", "the control: outside both volumes are changed")
    for name in ("org.example.Plays", "org.example.Records"):
        equal(run(SANDBOX, "run", "--profile", name, "--bind", own, "--", "/usr/bin/python3", own, others[0]).stdout, "2 2 2 2 0\n", f"the volume of its own stream, and of another's, by {name}")
    check("Mute: yes" not in pactl("list", "sink-inputs").stdout, "a stream of another was silenced")
    equal(run(*(inside % "org.example.Plays").split(), "pactl", "info").returncode, 0, "pactl info inside")
    # Neither by PipeWire's own socket, nor by the server's, which are not there.
    done = run(*(inside % "org.example.Plays").split(), "/bin/ls", RUNTIME, os.path.join(RUNTIME, "pulse"), "/run/sandbox/sound")
    equal(done.stdout.split(), ["/run/sandbox/sound:", "native", RUNTIME + ":", "pulse", RUNTIME + "/pulse:", "native"], f"the sockets inside {done.stderr}")
    # And it is heard.
    player = subprocess.Popen([*(inside % "org.example.Plays").split(), "pacat", "--playback", "--device=loudspeaker", "--rate=48000", "/dev/stdin"],
                              stdin=open(noise, "rb"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wait_until("the app is heard", lambda: heard("parec --device=loudspeaker.monitor --rate=48000 --channels=1 --latency-msec=50")[0] > 1000, 30)
    player.kill()
    player.communicate()
    # PulseAudio loads the module that filter.apply names; PipeWire makes a device of what says media.class.
    HIDDEN = {"filter.apply": "ladspa-sink", "filter.apply.ladspa-sink.parameters": "plugin=/tmp/any label=x", "x.other": "y"}
    asks = ["pacat", "--playback", "--device=loudspeaker", "--rate=48000", "--property=application.id=org.example.Told", *[f"--property={name}={value}" for name, value in HIDDEN.items()]]

    def told():
        """What the server knows of the stream that says who it is."""
        streams = pactl("list", "sink-inputs").stdout.split("Sink Input #")
        return "".join(stream for stream in streams if 'application.id = "org.example.Told"' in stream)

    for profile_name in (None, "org.example.Plays", "org.example.Records"):
        begin = (inside % profile_name).split() if profile_name else []
        with subprocess.Popen([*begin, *asks], stdin=open("/dev/zero"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as asking:
            known = wait_until(f"the stream of {profile_name}", told, 30)
            asking.terminate()
        wait_until("that stream is gone", lambda: not told(), 30)
        for name in HIDDEN:
            equal(f"{name} = " in known, profile_name is None, f"whether the server is told of {name} by {profile_name}:\n{known}")
finally:
    for server in servers:
        server.kill()
        server.wait()
    session.__exit__(None, None, None)
# Without a server it starts all the same, and is told.
done = run(SANDBOX, "run", "--profile", "org.example.Plays", "--", "/bin/echo", "on")
equal((done.returncode, done.stdout), (0, "on\n"), f"without a server: {done.stderr}")
