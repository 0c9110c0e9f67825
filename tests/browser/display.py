"""A virtual X display: its server, its windows, its pictures."""
import ctypes
import os
import secrets
import subprocess
import time


class Picture:
    """A screenshot as rows of (red, green, blue)."""

    def __init__(self, path):
        data = subprocess.run(["convert", path, "-depth", "8", "ppm:-"], check=True, capture_output=True).stdout
        magic, size, _, self.data = data.split(b"\n", 3)
        assert magic == b"P6", magic
        self.width, self.height = map(int, size.split())
        self.path = path

    def pixel(self, x, y):
        start = 3 * (y * self.width + x)
        return tuple(self.data[start:start + 3])

    def box_of(self, colour):
        """The smallest rectangle (left, top, right, bottom) with every pixel of that colour, and how many there are."""
        wanted, count = bytes(colour), 0
        left, top, right, bottom = self.width, self.height, -1, -1
        start = self.data.find(wanted)
        while start >= 0:
            if start % 3 == 0:
                y, x = divmod(start // 3, self.width)
                left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
                count += 1
                start = self.data.find(wanted, start + 3)
            else:
                start = self.data.find(wanted, start + 1)
        return ((left, top, right, bottom), count) if count else (None, 0)

    def crop(self, box):
        left, top, right, bottom = box
        return b"".join(self.data[3 * (y * self.width + left):3 * (y * self.width + right + 1)] for y in range(top, bottom + 1))

    def colours(self):
        return len({self.data[i:i + 3] for i in range(0, len(self.data), 3)})


class Display:
    def __init__(self, folder, size="1280x800x24"):
        self.number = next(n for n in range(60, 1000) if not os.path.exists(f"/tmp/.X11-unix/X{n}") and not os.path.exists(f"/tmp/.X{n}-lock"))
        self.name, self.folder = f":{self.number}", folder
        self.authority = os.path.join(folder, f"Xauthority-{self.number}")
        # As a display manager does it: the cookie is filed under this host's name.
        subprocess.run(["xauth", "-q", "-f", self.authority, "add", self.name, ".", secrets.token_hex(16)], check=True, stderr=subprocess.DEVNULL)
        self.log = open(os.path.join(folder, f"Xvfb-{self.number}.log"), "w")
        self.server = subprocess.Popen(["Xvfb", self.name, "-screen", "0", size, "-nolisten", "tcp", "-auth", self.authority, "-noreset"],
                                       stdout=self.log, stderr=self.log)
        self.environment = {**os.environ, "DISPLAY": self.name, "XAUTHORITY": self.authority}
        deadline = time.monotonic() + 20
        while subprocess.run(["xdpyinfo"], env=self.environment, capture_output=True).returncode != 0:
            if self.server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("Xvfb did not start: " + open(self.log.name).read())
            time.sleep(0.05)

    def stop(self):
        self.server.terminate()
        self.server.wait(10)

    def windows(self, pattern="."):
        """Visible windows with a name that matches: number to name."""
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", pattern], env=self.environment, capture_output=True, text=True)
        names = {}
        for number in found.stdout.split():
            name = subprocess.run(["xdotool", "getwindowname", number], env=self.environment, capture_output=True, text=True)
            if name.returncode == 0:
                names[int(number)] = name.stdout.rstrip("\n")
        return names

    def wait_window(self, pattern, alive, seconds=60):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if names := self.windows(pattern):
                return next(iter(names.items()))
            if not alive():
                raise AssertionError(f"it ended before a window {pattern!r} appeared")
            time.sleep(0.1)
        raise AssertionError(f"no window {pattern!r} within {seconds} s; there are {self.windows()}")

    def picture(self, name):
        path = os.path.join(self.folder, name + ".png")
        subprocess.run(["import", "-silent", "-window", "root", path], env=self.environment, check=True)
        return Picture(path)

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
