"""PipeWire with a loudspeaker that can be listened at and a microphone that always hears a tone."""
import array
import os
import subprocess
import time

RATE = 48000


class Sound:
    def __init__(self, folder, environment):
        self.environment = environment
        self.log = open(os.path.join(folder, "pipewire.log"), "w")
        self.processes = []
        for command in ("pipewire", "wireplumber", "pipewire-pulse"):
            self.processes.append(subprocess.Popen([command], env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log))
        self.wait("the sound server answers", lambda: self.pactl("info").returncode == 0)
        self.pactl("load-module", "module-null-sink", "sink_name=loudspeaker")
        self.pactl("load-module", "module-null-sink", "sink_name=mouth")
        self.pactl("load-module", "module-remap-source", "source_name=microphone", "master=mouth.monitor")
        self.wait("the devices are there", lambda: self.pactl("set-default-sink", "loudspeaker").returncode == 0
                  and self.pactl("set-default-source", "microphone").returncode == 0)
        # The tone: a square wave of 440 Hz for an hour, fed as it is taken.
        wave = array.array("h", [8000 if (n * 880 // RATE) % 2 else -8000 for n in range(RATE)]).tobytes()
        self.feeder = subprocess.Popen(["pacat", "--playback", "--device=mouth", f"--rate={RATE}", "--channels=1", "--format=s16le"],
                                       env=environment, stdin=subprocess.PIPE, stdout=self.log, stderr=self.log)
        self.processes.append(self.feeder)
        import threading
        threading.Thread(target=self.feed, args=(wave,), daemon=True).start()

    def feed(self, wave):
        try:
            while True:
                self.feeder.stdin.write(wave)
        except (BrokenPipeError, ValueError, OSError):
            pass

    def wait(self, what, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline or any(p.poll() is not None for p in self.processes):
                raise RuntimeError(f"PipeWire: not true: {what}")
            time.sleep(0.1)

    def pactl(self, *words):
        return subprocess.run(["pactl", *words], env=self.environment, capture_output=True, text=True)

    def loudness(self, source, seconds=0.5):
        """The mean amplitude of what that source hears just now."""
        done = subprocess.run(["timeout", "20", "sh", "-c", f"parec --device={source} --rate={RATE} --channels=1 --format=s16le --latency-msec=50 "
                               f"| head -c {int(RATE * seconds) * 2}"], env=self.environment, capture_output=True)
        samples = array.array("h", done.stdout[:len(done.stdout) // 2 * 2])
        return sum(map(abs, samples)) / len(samples) if samples else 0.0

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(20)
