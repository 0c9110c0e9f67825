"""A D-Bus client made of bytes (D-Bus Specification, "Message Protocol"), so that a test can say what no library would."""
import os
import select
import socket
import struct
import time

CALL, RETURN, ERROR, SIGNAL = 1, 2, 3, 4
PATH, INTERFACE, MEMBER, ERROR_NAME, REPLY_SERIAL, DESTINATION, SENDER, SIGNATURE = range(1, 9)
BUS = "org.freedesktop.DBus"


def pad(data, to):
    return data + b"\0" * (-len(data) % to)


def marshal(signature, values):
    """Bodies of s, o, u, b, i, as, and of a(…) and a{sv} without elements: what the tests need."""
    data = b""
    parts = []
    rest = signature
    while rest:
        part = rest[:2] if rest.startswith("as") else rest[:rest.index(")") + 1] if rest.startswith("a(") else "a{sv}" if rest.startswith("a{sv}") else rest[:1]
        parts.append(part)
        rest = rest[len(part):]
    for part, value in zip(parts, values):
        data = pad(data, 4)
        if part in "so":
            text = value.encode()
            data += struct.pack("<I", len(text)) + text + b"\0"
        elif part in "uib":
            data += struct.pack("<I" if part != "i" else "<i", int(value))
        elif part == "as":
            inner = b""
            for text in value:
                inner = pad(inner, 4) + struct.pack("<I", len(text)) + text.encode() + b"\0"
            data += struct.pack("<I", len(inner)) + inner
        else:  # an empty array of structures
            data = pad(data + struct.pack("<I", 0), 8)
    return data


def message(kind, serial, fields, signature="", values=(), flags=0):
    body = marshal(signature, values)
    if signature:
        fields = {**fields, SIGNATURE: signature}
    header = b""
    for code, value in fields.items():
        header = pad(header, 8) + bytes([code])
        if code == REPLY_SERIAL:
            header += b"\1u\0" + struct.pack("<I", value)
        elif code == SIGNATURE:
            header += b"\1g\0" + bytes([len(value)]) + value.encode() + b"\0"
        else:
            header += b"\1" + (b"o" if code == PATH else b"s") + b"\0" + struct.pack("<I", len(value)) + value.encode() + b"\0"
    return pad(b"l" + bytes([kind, flags, 1]) + struct.pack("<III", len(body), serial, len(header)) + header, 8) + body


class Message:
    def __init__(self, data):
        self.kind, self.flags = data[1], data[2]
        length, self.serial, fields = struct.unpack_from("<III", data, 4)
        self.fields, at, end = {}, 16, 16 + fields
        while at < end:
            at += -at % 8
            code, kind = data[at], chr(data[at + 2])
            at += 4
            if kind == "g":
                size = data[at]
                self.fields[code] = data[at + 1:at + 1 + size].decode()
                at += size + 2
            else:
                number, = struct.unpack_from("<I", data, at)
                at += 4
                self.fields[code] = number
                if kind != "u":
                    self.fields[code] = data[at:at + number].decode()
                    at += number + 1
        self.body = data[len(data) - length:] if length else b""

    def values(self):
        """Of the bodies s, o, u, b, as; up to the first of another kind."""
        found, at = [], 0
        signature = self.fields.get(SIGNATURE, "")
        while signature and (signature[0] in "soub" or signature.startswith("as")):
            at += -at % 4
            number, = struct.unpack_from("<I", self.body, at)
            at += 4
            if signature[0] in "so":
                found.append(self.body[at:at + number].decode())
                at += number + 1
            elif signature.startswith("as"):
                end, texts = at + number, []
                while at < end:
                    at += -at % 4
                    size, = struct.unpack_from("<I", self.body, at)
                    texts.append(self.body[at + 4:at + 4 + size].decode())
                    at += 4 + size + 1
                found.append(texts)
                signature = signature[1:]
            else:
                found.append(number)
            signature = signature[1:]
        return found

    def __repr__(self):
        return f"Message({self.kind}, {self.fields}, {self.body!r})"


class Closed(Exception):
    pass


class Connection:
    def __init__(self, path, begin=b"BEGIN\r\n", hello=True):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(path)
        self.data, self.serial, self.queue = b"", 0, []
        self.socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        answer = self.socket.recv(4096)
        if not answer.startswith(b"OK "):
            raise Closed(answer)
        self.socket.sendall(begin)
        if hello:
            self.name = self.bus("Hello").values()[0]

    def raw(self, data):
        self.socket.sendall(data)

    def send(self, kind, fields, signature="", values=(), flags=0):
        self.serial += 1
        self.raw(message(kind, self.serial, fields, signature, values, flags))
        return self.serial

    def next(self, seconds=5.0):
        """The next message, or None."""
        deadline = time.monotonic() + seconds
        while True:
            if len(self.data) >= 16:
                body, _, fields = struct.unpack_from("<III", self.data, 4)
                size = 16 + fields + -fields % 8 + body
                if len(self.data) >= size:
                    taken, self.data = self.data[:size], self.data[size:]
                    return Message(taken)
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                return None
            try:
                got = self.socket.recv(65536)
            except ConnectionError:
                got = b""
            if not got:
                raise Closed("the bus closed the connection")
            self.data += got

    def call(self, destination, path, interface, member, signature="", values=(), seconds=5.0):
        serial = self.send(CALL, {PATH: path, INTERFACE: interface, MEMBER: member, DESTINATION: destination}, signature, values)
        deadline = time.monotonic() + seconds
        while True:
            got = self.next(max(0.0, deadline - time.monotonic()))
            if got is None:
                raise TimeoutError(f"no answer to {member}")
            if got.fields.get(REPLY_SERIAL) == serial and got.kind in (RETURN, ERROR):
                return got
            self.queue.append(got)

    def bus(self, member, signature="", *values):
        return self.call(BUS, "/org/freedesktop/DBus", BUS, member, signature, values)

    def verdict(self, *words):
        """What became of a call: "ok", or the error's name without its beginning."""
        answer = self.call(*words)
        return "ok" if answer.kind == RETURN else answer.fields[ERROR_NAME].rsplit(".", 1)[1]
