"""Runs inside: makes a stream, then changes the volume of that one and of the one before it. Prints the server's answers."""
import os
import socket
import struct
import sys

AUTH, NAME, CREATE, VOLUME, ERROR, REPLY = 8, 9, 3, 37, 0, 2
server = socket.socket(socket.AF_UNIX)
server.connect(os.path.join(os.environ["XDG_RUNTIME_DIR"], "pulse/native"))
stream = server.makefile("rb")
tags = 0


def word(value):
    return b"L" + struct.pack(">I", value)


def ask(command, arguments):
    """The answer: its command, and its arguments."""
    global tags
    tags += 1
    payload = word(command) + word(tags) + arguments
    server.sendall(struct.pack(">5I", len(payload), 0xffffffff, 0, 0, 0) + payload)
    while True:
        length, channel, *_ = struct.unpack(">5I", stream.read(20))
        answer = stream.read(length)
        if channel == 0xffffffff and answer[6:10] == struct.pack(">I", tags) and answer[1:5] in (struct.pack(">I", ERROR), struct.pack(">I", REPLY)):
            return struct.unpack(">I", answer[1:5])[0], answer[10:]


check = [ask(AUTH, word(32) + b"x" + struct.pack(">I", 256) + bytes(256))[0], ask(NAME, b"PN")[0]]
volume = b"v\1" + struct.pack(">I", 0x8000)
kind, made = ask(CREATE, b"a\3\1" + struct.pack(">I", 48000) + b"m\1\0" + word(0xffffffff) + b"N" + word(0xffffffff) + b"1" + word(0xffffffff) * 3 + word(0) + volume + b"0000000" + b"00"
                 + b"PN" + b"00" + b"000" + b"0" + b"0" + b"B\0")
number = struct.unpack(">I", made[6:10])[0] if kind == REPLY else 0
print(*check, kind, ask(VOLUME, word(number) + volume)[0], ask(VOLUME, word(int(sys.argv[1])) + volume)[0], flush=True)
