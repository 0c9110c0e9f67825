"""A D-Bus client of bytes (D-Bus Specification, "Message Protocol"), for what no library would say. Runs outside and inside."""
import os
import re
import select
import socket
import struct

PATH, INTERFACE, MEMBER, ERROR, REPLY, TO, SIGNATURE = 1, 2, 3, 4, 5, 6, 8
CALL, RETURN, FAILED, SIGNAL = 1, 2, 3, 4
BUS = "org.freedesktop.DBus"


def padded(data, to):
    return data + bytes(-len(data) % to)


def message(kind, serial, fields, *arguments):
    """Arguments: texts and whole numbers."""
    body = b""
    for one in arguments:
        body = padded(body, 4) + (struct.pack("<I", one) if isinstance(one, int) else struct.pack("<I", len(one.encode())) + one.encode() + b"\0")
    if arguments:
        fields = {**fields, SIGNATURE: "".join("u" if isinstance(one, int) else "s" for one in arguments)}
    header = b""
    for number, value in fields.items():
        header = padded(header, 8) + bytes([number, 1])
        if number == REPLY:
            header += b"u\0" + struct.pack("<I", value)
        elif number == SIGNATURE:
            header += b"g\0" + bytes([len(value)]) + value.encode() + b"\0"
        else:
            header += (b"o" if number == PATH else b"s") + b"\0" + struct.pack("<I", len(value)) + value.encode() + b"\0"
    return padded(b"l" + bytes([kind, 0, 1]) + struct.pack("<III", len(body), serial, len(header)) + header, 8) + body


class Client:
    def __init__(self, path, begin=b"BEGIN\r\n", hello=True):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(5)
        self.socket.connect("\0" + path[1:] if path.startswith("@") else path)
        self.serial, self.buffer = 0, b""
        self.socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        self.socket.recv(4096)
        self.socket.sendall(begin)
        if hello:
            self.call(BUS, "Hello")

    def call(self, to, member, *arguments, path="/org/freedesktop/DBus", interface=BUS):
        """The answer: "ok" or the name of an error."""
        self.serial += 1
        self.socket.sendall(message(CALL, self.serial, {PATH: path, INTERFACE: interface, MEMBER: member, TO: to}, *arguments))
        for kind, data in self.read(3):
            if kind in (RETURN, FAILED) and data.find(b"\x05\x01u\0" + struct.pack("<I", self.serial)) >= 0:
                found = re.search(rb"\x04\x01s\0....([\w.]+)", data, re.S)
                return "ok" if kind == RETURN else found[1].decode()
        return "no answer"

    def read(self, seconds):
        """Messages as (kind, bytes), until none comes for that long."""
        while True:
            while len(self.buffer) >= 16:
                body, _, fields = struct.unpack("<III", self.buffer[4:16])
                whole = 16 + fields + (-fields % 8) + body
                if len(self.buffer) < whole:
                    break
                data, self.buffer = self.buffer[:whole], self.buffer[whole:]
                yield data[1], data
            if not select.select([self.socket], [], [], seconds)[0]:
                return
            piece = self.socket.recv(65536)
            if not piece:
                return
            self.buffer += piece
