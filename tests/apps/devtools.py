"""A client of Chromium's remote control: JSON over a WebSocket on loopback (RFC 6455, the part that is needed)."""
import base64
import http.client
import json
import os
import socket
import struct
import time


class RemoteError(Exception):
    pass


class DevTools:
    def __init__(self, alive, port_file, seconds=120):
        """The browser writes its port into `port_file` as soon as it listens; then the first page is taken."""
        deadline = time.monotonic() + seconds * float(os.environ.get("PATIENCE", "1"))
        while True:
            try:
                with open(port_file) as file:
                    self.port = int(file.readline())
                pages = [page for page in self.http("GET", "/json/list") if page["type"] == "page"]
                if pages:
                    break
            except (OSError, ValueError):
                pass
            if not alive() or time.monotonic() > deadline:
                raise RemoteError("the browser does not listen to its remote control")
            time.sleep(0.2)
        self.attach(pages[0])

    def http(self, method, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path)
        return json.loads(connection.getresponse().read())

    def attach(self, page):
        self.socket = socket.create_connection(("127.0.0.1", self.port), 60)
        path = "/" + page["webSocketDebuggerUrl"].split("/", 3)[3]
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise RemoteError(f"no WebSocket: {head[:200]!r}")
        self.number = 0

    def more(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise RemoteError("the browser closed the connection")
        self.buffer += data

    def take(self, count):
        while len(self.buffer) < count:
            self.more()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def receive(self):
        text = b""
        while True:
            first, length = self.take(2)
            length &= 127
            if length == 126:
                length, = struct.unpack(">H", self.take(2))
            elif length == 127:
                length, = struct.unpack(">Q", self.take(8))
            text += self.take(length)
            if first & 0x80:
                return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        data = json.dumps({"id": self.number, "method": method, "params": parameters}).encode()
        mask = os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        self.socket.sendall(b"\x81" + size + mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(data)))
        while (answer := self.receive()).get("id") != self.number:
            pass
        if "error" in answer:
            raise RemoteError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def script(self, text):
        """Its value, in the page; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=text, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RemoteError(f"{text[:80]}: {answer['exceptionDetails'].get('text')}")
        return answer["result"].get("value")

    def navigate(self, address, seconds=60):
        """Waits for the page; gives the error's text, as net::ERR_FILE_NOT_FOUND, or an empty one."""
        error = self.call("Page.navigate", url=address).get("errorText", "")
        deadline = time.monotonic() + seconds
        while not error and self.script("document.readyState") != "complete":
            if time.monotonic() > deadline:
                raise RemoteError(f"{address} is not complete after {seconds} s")
            time.sleep(0.1)
        return error

    def close(self):
        self.socket.close()
