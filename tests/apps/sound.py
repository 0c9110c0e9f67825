"""PipeWire with a loudspeaker that can be listened at and a microphone that always hears a tone."""
import array
import os
import subprocess
import threading
import time

RATE = 48000


class Sound:
    def __init__(self, folder, environment):
        self.environment = environment
        self.log = open(os.path.join(folder, "pipewire.log"), "w")
        self.processes = []
        # One after the other: those that find no server end at once.
        self.begin("pipewire")
        self.wait("PipeWire listens", lambda: subprocess.run(["pw-cli", "info", "0"], env=environment, capture_output=True).returncode == 0)
        self.begin("wireplumber")
        self.begin("pipewire-pulse")
        self.wait("the sound server answers", lambda: self.pactl("info").returncode == 0)
        self.pactl("load-module", "module-null-sink", "sink_name=loudspeaker")
        self.pactl("load-module", "module-null-sink", "sink_name=mouth")
        self.pactl("load-module", "module-remap-source", "source_name=microphone", "master=mouth.monitor")
        self.wait("the devices are there", lambda: self.pactl("set-default-sink", "loudspeaker").returncode == 0
                  and self.pactl("set-default-source", "microphone").returncode == 0)
        # The tone: a square wave of 440 Hz for an hour, fed as it is taken.
        wave = array.array("h", [8000 if (n * 880 // RATE) % 2 else -8000 for n in range(RATE)]).tobytes()
        self.feeder = self.begin("pacat", "--playback", "--device=mouth", f"--rate={RATE}", "--channels=1", "--format=s16le", stdin=subprocess.PIPE)
        threading.Thread(target=self.feed, args=(wave,), daemon=True).start()

    def begin(self, *command, **streams):
        streams = {"stdin": subprocess.DEVNULL, **streams}
        self.processes.append(subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log, **streams))
        return self.processes[-1]

    def feed(self, wave):
        try:
            while True:
                self.feeder.stdin.write(wave)
        except (BrokenPipeError, ValueError, OSError):
            pass

    def wait(self, what, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            ended = [f"{p.args[0]} ended with {p.returncode}" for p in self.processes if p.poll() is not None]
            if time.monotonic() > deadline or ended:
                self.log.flush()
                with open(self.log.name) as log:
                    raise RuntimeError(f"PipeWire: not true: {what}; {ended}; {self.pactl('info')}; its log: {log.read()[-3000:]}")
            time.sleep(0.1)

    def pactl(self, *words):
        return subprocess.run(["pactl", *words], env=self.environment, capture_output=True, text=True)

    def loudness(self, source, seconds=0.5):
        """The mean amplitude of what that source hears just now."""
        done = subprocess.run(["timeout", "3", "sh", "-c", f"parec --device={source} --rate={RATE} --channels=1 --format=s16le --latency-msec=50 "
                               f"| head -c {int(RATE * seconds) * 2}"], env=self.environment, capture_output=True)
        samples = array.array("h", done.stdout[:len(done.stdout) // 2 * 2])
        return sum(map(abs, samples)) / len(samples) if samples else 0.0

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(20)
