"""A client of Firefox's remote control, Marionette: length-prefixed JSON over a loopback socket."""
import json
import os
import socket
import time


class RemoteError(Exception):
    pass


class Marionette:
    def __init__(self, alive, port=2828, seconds=60):
        """Connects as soon as the browser listens; `alive()` tells whether waiting still makes sense."""
        deadline = time.monotonic() + seconds * float(os.environ.get("PATIENCE", "1"))
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", port), 5)
                break
            except OSError as error:
                if not alive() or time.monotonic() > deadline:
                    raise RemoteError(f"the browser does not listen on port {port}: {error}")
                time.sleep(0.1)
        self.socket.settimeout(60)
        self.buffer = b""
        self.number = 0
        self.receive()  # its greeting
        self.session = self.call("WebDriver:NewSession", {"strictFileInteractability": False})

    def receive(self):
        while b":" not in self.buffer:
            self.more()
        length, _, self.buffer = self.buffer.partition(b":")
        while len(self.buffer) < int(length):
            self.more()
        text, self.buffer = self.buffer[:int(length)], self.buffer[int(length):]
        return json.loads(text)

    def more(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise RemoteError("the browser closed the connection")
        self.buffer += data

    def call(self, name, parameters=None):
        self.number += 1
        text = json.dumps([0, self.number, name, parameters or {}]).encode()
        self.socket.sendall(str(len(text)).encode() + b":" + text)
        _, number, error, result = self.receive()
        if number != self.number:
            raise RemoteError(f"an answer to another call than {name}")
        if error:
            raise RemoteError(f"{name}: {error['error']}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    def navigate(self, address):
        self.call("WebDriver:Navigate", {"url": address})

    def title(self):
        return self.call("WebDriver:GetTitle")

    def script(self, text, *arguments):
        """Runs it in the page; a promise is waited for."""
        return self.call("WebDriver:ExecuteScript", {"script": text, "args": list(arguments)})

    def chrome(self, text, *arguments):
        """Runs it with the browser's own rights."""
        self.call("Marionette:SetContext", {"value": "chrome"})
        try:
            return self.script(text, *arguments)
        finally:
            self.call("Marionette:SetContext", {"value": "content"})

    def quit(self):
        """Ends the browser; the connection ends with it, sometimes before the answer."""
        try:
            self.call("Marionette:Quit", {"flags": ["eForceQuit"]})
        except (RemoteError, OSError):
            pass
        self.close()

    def close(self):
        self.socket.close()
