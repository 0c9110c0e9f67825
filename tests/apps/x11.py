"""A virtual X display: its server, its windows, its pictures, its keys."""
import ctypes
import os
import re
import secrets
import subprocess
import time

from picture import Picture


class Xvfb:
    def __init__(self, folder, environment, size="1280x800x24"):
        self.number = next(n for n in range(60, 1000) if not os.path.exists(f"/tmp/.X11-unix/X{n}") and not os.path.exists(f"/tmp/.X{n}-lock"))
        self.name, self.folder = f":{self.number}", folder
        self.authority = os.path.join(folder, f"Xauthority-{self.number}")
        # As a display manager does it: the cookie is filed under this host's name.
        subprocess.run(["xauth", "-q", "-f", self.authority, "add", self.name, ".", secrets.token_hex(16)], check=True, stderr=subprocess.DEVNULL)
        self.log = open(os.path.join(folder, f"Xvfb-{self.number}.log"), "w")
        self.server = subprocess.Popen(["Xvfb", self.name, "-screen", "0", size, "-nolisten", "tcp", "-auth", self.authority, "-noreset"],
                                       stdout=self.log, stderr=self.log)
        self.environment = {**environment, "DISPLAY": self.name, "XAUTHORITY": self.authority, "XDG_SESSION_TYPE": "x11",
                            "XDG_CURRENT_DESKTOP": "XFCE"} # by it Chromium chooses whom it asks to keep the screen on
        deadline = time.monotonic() + 60
        while subprocess.run(["xdpyinfo"], env=self.environment, capture_output=True).returncode != 0:
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("Xvfb did not start: " + open(self.log.name).read())
            time.sleep(0.05)

    def stop(self):
        self.server.terminate()
        self.server.wait(20)

    def tool(self, *command):
        return subprocess.run(command, env=self.environment, capture_output=True, text=True)

    def windows(self, pattern="."):
        """Visible windows with a name that matches: number to name."""
        names = {}
        for number in self.tool("xdotool", "search", "--onlyvisible", "--name", ".").stdout.split():
            name = self.tool("xdotool", "getwindowname", number)
            if name.returncode == 0 and re.search(pattern, name.stdout):
                names[int(number)] = name.stdout.rstrip("\n")
        return names

    def picture(self, name):
        path = os.path.join(self.folder, name + ".png")
        subprocess.run(["import", "-silent", "-window", "root", path], env=self.environment, check=True)
        return Picture(path)

    def focus(self, window):
        """There is no window manager that would give the window the keys."""
        self.tool("xdotool", "windowfocus", "--sync", str(window))

    def type(self, text):
        self.tool("xdotool", "type", "--delay", "30", text)

    def key(self, *names):
        """As X calls them: "ctrl+s", "Return"."""
        self.tool("xdotool", "key", "--delay", "60", *names)

    def close_window(self, window):
        """Asks the window to close, as its close button does (WM_DELETE_WINDOW)."""
        x = ctypes.CDLL("libX11.so.6")
        x.XOpenDisplay.restype = ctypes.c_void_p
        x.XInternAtom.restype = ctypes.c_ulong

        class ClientMessage(ctypes.Structure):
            _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                        ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong), ("format", ctypes.c_int), ("data", ctypes.c_long * 5),
                        ("padding", ctypes.c_long * 24)]
        os.environ["XAUTHORITY"] = self.authority
        display = x.XOpenDisplay(self.name.encode())
        if not display:
            raise RuntimeError("cannot open the display")
        atom = lambda name: x.XInternAtom(ctypes.c_void_p(display), name, 0)
        message = ClientMessage(type=33, window=window, message_type=atom(b"WM_PROTOCOLS"), format=32)
        message.data[0] = atom(b"WM_DELETE_WINDOW")
        x.XSendEvent(ctypes.c_void_p(display), ctypes.c_ulong(window), 0, ctypes.c_long(0), ctypes.byref(message))
        x.XCloseDisplay(ctypes.c_void_p(display))
