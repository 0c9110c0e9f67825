"""A Wayland display without a screen: sway with one virtual output, its windows, pictures and keys."""
import json
import os
import re
import subprocess
import time

from picture import Picture

CONFIG = """output HEADLESS-1 resolution 1280x800 position 0 0
default_border none
xwayland disable
focus_on_window_activation focus
exec echo $WAYLAND_DISPLAY >{display}
"""


class Sway:
    def __init__(self, folder, environment):
        self.folder = folder
        config, display = os.path.join(folder, "sway.config"), os.path.join(folder, "sway.display")
        with open(config, "w") as file:
            file.write(CONFIG.format(display=display))
        self.socket = os.path.join(folder, "sway.socket")
        self.log = open(os.path.join(folder, "sway.log"), "w")
        self.server = subprocess.Popen(["sway", "-c", config], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env={
            **environment, "WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1", "SWAYSOCK": self.socket})
        deadline = time.monotonic() + 60
        # It says its name as soon as its configuration is read.
        while not (os.path.exists(display) and (name := open(display).read().strip())):
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("sway did not start: " + open(self.log.name).read()[-2000:])
            time.sleep(0.05)
        self.environment = {**environment, "WAYLAND_DISPLAY": name, "XDG_SESSION_TYPE": "wayland", "SWAYSOCK": self.socket}
        # A seat has a keyboard as long as some client has made one, and an application that learns of it too late loses the first keys.
        # One that is never typed on stays all the time.
        self.keyboard = subprocess.Popen(["wtype", "-s", "3600000"], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=self.environment)

    def stop(self):
        self.keyboard.kill()
        self.keyboard.wait(20)
        self.server.terminate()
        self.server.wait(20)

    def message(self, *words):
        return subprocess.run(["swaymsg", "-s", self.socket, *words], env=self.environment, capture_output=True, text=True)

    def nodes(self):
        done = self.message("-t", "get_tree", "-r")
        todo, found = [json.loads(done.stdout)] if done.returncode == 0 else [], []
        while todo:
            node = todo.pop()
            todo += node["nodes"] + node["floating_nodes"]
            if node.get("app_id"):
                found.append(node)
        return found

    def windows(self, pattern="."):
        """Windows with a title that matches: number to title."""
        return {node["id"]: node["name"] for node in self.nodes() if node["name"] and re.search(pattern, node["name"])}

    def app_ids(self):
        return sorted(node["app_id"] for node in self.nodes())

    def picture(self, name):
        path = os.path.join(self.folder, name + ".png")
        subprocess.run(["grim", path], env=self.environment, check=True, capture_output=True)
        return Picture(path)

    def focus(self, window):
        self.message(f"[con_id={window}] focus")

    def type(self, text):
        # Each run makes a new keyboard; a key that comes before the application has noticed is lost.
        subprocess.run(["wtype", "-s", "400", "-d", "30", text, "-s", "100"], env=self.environment, check=True)

    def key(self, *names):
        words = ["-s", "400"]
        for name in names:
            *modifiers, last = name.split("+")
            words += [word for modifier in modifiers for word in ("-M", modifier)] + ["-k", last]
            words += [word for modifier in modifiers for word in ("-m", modifier)] + ["-s", "100"]
        subprocess.run(["wtype", *words], env=self.environment, check=True)

    def close_window(self, window):
        self.message(f"[con_id={window}] kill")
