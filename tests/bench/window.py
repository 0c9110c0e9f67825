"""Firefox to its first window, in its shipped profile and without a sandbox: on one headless compositor, with one session bus
and one environment, each start with a fresh copy of the same profile, that an earlier start has warmed."""
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from measure import Failed, median, ratio, say_target
from user import below

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "apps"))

PROGRAM = "/usr/bin/firefox-esr"
PATIENCE = 120
PROFILE = ".mozilla/bench"
OWN = ".local/share/sandbox/homes/org.mozilla.firefox"
PREFERENCES = """user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
"""


class Session:
    """A bus and a compositor, as a login has them; `environment` is what both starts get."""

    def __init__(self, folder):
        from bus import CONFIG
        from wayland import Sway
        address = f"unix:path={os.environ['XDG_RUNTIME_DIR']}/bus"
        with open(os.path.join(folder, "bus.conf"), "w") as file:
            file.write(CONFIG.format(address=address))
        self.bus = subprocess.Popen(["dbus-daemon", f"--config-file={file.name}", "--nofork", "--nopidfile"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.display = Sway(folder, {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address, "NO_AT_BRIDGE": "1"})
        self.environment = self.display.environment
        self.events = subprocess.Popen(["swaymsg", "-s", self.display.socket, "-m", "-r", "-t", "subscribe", '["window"]'], stdout=subprocess.PIPE, env=self.environment)
        self.waiting = b""

    def stop(self):
        self.events.kill()
        self.display.stop()
        self.bus.terminate()

    def new_window(self, process):
        """Until the compositor shows one that is new."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            while b"\n" in self.waiting:
                line, self.waiting = self.waiting.split(b"\n", 1)
                if line.strip() and json.loads(line).get("change") == "new":
                    return
            if select.select([self.events.stdout], [], [], 0.5)[0]:
                more = os.read(self.events.stdout.fileno(), 1 << 20)
                if not more:
                    raise Failed("the compositor has ended")
                self.waiting += more
        raise Failed(f"{' '.join(process.args)[:100]}: no window within {PATIENCE} s, or it ended with status {process.poll()}")

    def forget(self):
        """What was shown until now."""
        while select.select([self.events.stdout], [], [], 0.3)[0] and os.read(self.events.stdout.fileno(), 1 << 20):
            pass
        self.waiting = b""


def start(session, words, how_long=0):
    """Seconds to the window; all of it has ended when this returns."""
    session.forget()
    began = time.perf_counter()
    process = subprocess.Popen(words, env=session.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        session.new_window(process)
        took = time.perf_counter() - began
        time.sleep(how_long)
    finally:
        all_of_it = below(process.pid)
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for number in all_of_it:
            try:
                os.kill(number, signal.SIGKILL)
            except OSError:
                pass  # it went with the first
        deadline = time.monotonic() + 30
        while any(os.path.exists(f"/proc/{number}") for number in all_of_it) and time.monotonic() < deadline:
            time.sleep(0.05)
    return took


def window(bench):
    missing = [program for program in ("sway", "swaymsg", "dbus-daemon", "firefox-esr") if shutil.which(program) is None]
    if missing:
        return print(f"\nFirefox to its first window: left out, there is no {missing[0]}")
    home = os.environ["HOME"]
    page = [f"--profile={home}/{PROFILE}", "--no-remote", "about:blank"]
    rows = {"bare": [PROGRAM, *page], "sandbox run": [bench.sandbox, "run", "firefox", *page]}
    places = {"bare": os.path.join(home, PROFILE), "sandbox run": os.path.join(home, OWN, PROFILE)}
    with tempfile.TemporaryDirectory() as folder:
        warmed = os.path.join(folder, "profile")
        os.mkdir(warmed)
        with open(os.path.join(warmed, "user.js"), "w") as file:
            file.write(PREFERENCES)
        session = Session(folder)

        def fresh(name):
            shutil.rmtree(places[name], ignore_errors=True)
            os.makedirs(os.path.dirname(places[name]), mode=0o700, exist_ok=True)
            shutil.copytree(warmed, places[name])

        try:
            fresh("bare")
            start(session, rows["bare"], how_long=10)  # it writes its caches some seconds after the window
            shutil.rmtree(warmed)
            shutil.copytree(places["bare"], warmed, ignore=shutil.ignore_patterns("lock", ".parentlock"), symlinks=True)
            rounds = max(2, bench.rounds // 3)
            found = {name: [] for name in rows}
            for number in range(rounds + 1):  # the first one warms
                for name, words in list(rows.items())[::1 if number % 2 else -1]:
                    fresh(name)
                    took = start(session, words)
                    if number:
                        found[name].append((took,))
        finally:
            session.stop()
    print(f"\nFirefox to its first window (sway without a screen), {rounds} rounds, milliseconds")
    for name, samples in found.items():
        print(f"{name:40} {median([each[0] for each in samples]) * 1000:8.0f} {ratio(samples, found['bare']):7.3f}")
    say_target("Firefox to its first window, sandboxed / bare", ratio(found["sandbox run"], found["bare"]), 1.05)
