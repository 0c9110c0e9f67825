"""Runs inside an application's sandbox, as its companion, and tries what it must not reach. Read from stdin by python3
there; prints what came of it as JSON. Arguments: the home, the folder of the session's sockets."""
import glob
import json
import os
import socket
import struct
import subprocess
import sys

HOME, RUNTIME = sys.argv[1:3]


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return f"refused: {type(error).__name__}: {error}"


def read(path):
    with open(path, "rb") as file:
        return "read: " + file.read(200).decode("utf-8", "replace")


def canary():
    """Every way that leads to the user's key without the grant of it."""
    paths = [f"{HOME}/.ssh/canary", f"{HOME}/.bashrc", "/etc/shadow"]
    roots = ["/proc/1/root", "/proc/self/root", "/proc/1/cwd", *glob.glob("/proc/[0-9]*/root")]
    paths += [f"{root}{HOME}/.ssh/canary" for root in roots]
    return {path: attempt(read, path) for path in paths}


# A client of the bus written out by hand, so that no library of the application's decides what is asked.
def text(value):
    data = value.encode()
    return struct.pack("<I", len(data)) + data + b"\0"


def aligned(data, to):
    return data + b"\0" * (-len(data) % to)


def message(serial, destination, path, interface, member, signature="", body=b""):
    fields = b""
    for code, kind, value in ((1, "o", path), (2, "s", interface), (3, "s", member), (6, "s", destination), (8, "g", signature)):
        if value:
            fields = aligned(fields, 8) + bytes([code, 1]) + kind.encode() + b"\0"
            fields += bytes([len(value)]) + value.encode() + b"\0" if kind == "g" else text(value)
    return aligned(struct.pack("<BBBBIII", ord("l"), 1, 0, 1, len(body), serial, len(fields)) + fields, 8) + body


class RawBus:
    def __init__(self, address):
        kind, _, options = address.split(";")[0].partition(":")
        values = dict(option.split("=", 1) for option in options.split(",") if "=" in option)
        if kind != "unix":
            raise OSError(f"no bus: {address!r}")
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(values["path"] if "path" in values else "\0" + values["abstract"])
        self.socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        answer = self.socket.recv(4096)
        if not answer.startswith(b"OK"):
            raise OSError(f"the bus says {answer!r}")
        self.socket.sendall(b"BEGIN\r\n")
        self.serial, self.buffer = 0, b""
        self.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "Hello")

    def take(self, count):
        while len(self.buffer) < count:
            data = self.socket.recv(1 << 16)
            if not data:
                raise OSError("the bus closed the connection")
            self.buffer += data
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def call(self, *words):
        """The answer's kind: "answered" for a reply and for an error of the service itself, else the bus's error."""
        self.serial += 1
        self.socket.sendall(message(self.serial, *words))
        while True:
            head = self.take(16)
            _, kind, _, _, body, _, fields = struct.unpack("<BBBBIII", head)
            rest = self.take(fields + -fields % 8 + body)
            if kind in (2, 3) and self.reply_to(rest[:fields]) == self.serial:
                if kind == 2:
                    return "answered"
                error = next((word for word in rest.decode("latin-1").split("\0") if "org.freedesktop.DBus.Error" in word), "an error")
                return "refused: " + error[error.index("org."):] if "org." in error else "refused"

    @staticmethod
    def reply_to(fields):
        at = 0
        while at < len(fields):
            code, length = fields[at], fields[at + 1]
            kind = fields[at + 2:at + 2 + length]
            at += 3 + length
            if kind == b"g":
                at += fields[at] + 2
            else:
                at += -at % 4
                value, = struct.unpack_from("<I", fields, at)
                if code == 5:
                    return value
                at += 4 if kind == b"u" else 4 + value + 1
            at += -at % 8
        return None


CALLS = {
    "systemd1": ("org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "StartTransientUnit", "ssa(sv)a(sa(sv))",
                 aligned(text("inside.service"), 4) + aligned(text("fail"), 4) + struct.pack("<II", 0, 0) + struct.pack("<I", 0)),
    "Shell.Eval": ("org.gnome.Shell", "/org/gnome/Shell", "org.gnome.Shell", "Eval", "s", text("inside")),
    "secrets": ("org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "SearchItems", "a{ss}", struct.pack("<II", 0, 0)),
    "start systemd1": ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "StartServiceByName", "su",
                       aligned(text("org.freedesktop.systemd1"), 4) + struct.pack("<I", 0)),
}


def bus():
    """Each call over each address at which a session bus may be found."""
    found = {}
    for address in {os.environ.get("DBUS_SESSION_BUS_ADDRESS", "disabled:"), f"unix:path={RUNTIME}/bus"}:
        for name, words in CALLS.items():
            found[f"{name} over {address}"] = attempt(lambda: RawBus(address).call(*words))
    return found


def record():
    """Bytes that could be recorded, for each door of the sound server; loud if it was not silence."""
    found = {}
    for name, command in {"pulse": "parec --latency-msec=50 --device=microphone --channels=1 --format=s16le", "pulse default": "parec --latency-msec=50 --channels=1 --format=s16le",
                          "loudspeaker": "parec --latency-msec=50 --device=loudspeaker.monitor --channels=1 --format=s16le",
                          "pipewire": "pw-record --target microphone --channels 1 -"}.items():
        done = subprocess.run(["timeout", "3", "sh", "-c", f"{command} | head -c 48000"], capture_output=True)
        found[name] = {"bytes": len(done.stdout), "loud": any(done.stdout[200:])}
    return found


print(json.dumps({"home": sorted(os.path.join(parent, name)[len(HOME) + 1:] for parent, _, names in os.walk(HOME) for name in names)[:200],
                  "canary": canary(), "bus": bus(), "record": record() if "record" in sys.argv else None,
                  "runtime": sorted(os.listdir(RUNTIME)) if os.path.isdir(RUNTIME) else []}))
