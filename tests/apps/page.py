"""The page that the browsers show: a block of one colour with text in it, served on loopback."""
import array
import http.server
import io
import os
import re
import socket
import threading
import wave

from picture import pixels_of

BLOCK, TEXT, EDGE = (0xC0, 0x1A, 0x84), (0xFF, 0xFF, 0xE0), (0x10, 0x90, 0x60)
DOWNLOAD = b"".join(b"%06d\n" % n for n in range(50000))
HTML = """<!doctype html><meta charset="utf-8"><title>Page 7341 of the sandbox</title>
<style>body { margin: 0; background: #fff }
#edge { position: absolute; left: 60px; top: 40px; padding: 12px; background: #109060 }
#block { width: 640px; height: 240px; background: #c01a84; color: #ffffe0; font: 48px "DejaVu Sans"; line-height: 80px }
</style><div id="edge"><div id="block">Rendered inside: 7341<br>Äpfel, Ωμέγα<br>end of the text</div></div>
<a id="download" href="/numbers.bin" download>numbers</a>
<script>document.title += document.getElementById("block").offsetWidth === 640 ? " (laid out)" : ""</script>"""
# A tone of 600 Hz until the page is left.
TONE = """window.tone = new AudioContext();
const source = tone.createOscillator(); source.frequency.value = 600; source.connect(tone.destination); source.start(); tone.resume();"""
# A sound of a minute, as a file.
PLAY = "window.player = new Audio('/sound.wav'); player.loop = true; return player.play().then(() => 'plays', error => String(error))"


def sound(seconds=60, rate=8000):
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(array.array("h", [6000 if n * 1000 // rate % 2 else -6000 for n in range(rate)]).tobytes() * seconds)
    return made.getvalue()


SOUND = sound()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = {"/": (b"text/html", HTML.encode()), "/numbers.bin": (b"application/octet-stream", DOWNLOAD), "/sound.wav": (b"audio/wav", SOUND)}
        kind, body = known.get(self.path, (b"text/plain", b"none"))
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked and self.path in known:
            first, last = int(asked[1]), min(int(asked[2] or len(body)), len(body) - 1)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
            body = body[first:last + 1]
        else:
            self.send_response(200 if self.path in known else 404)
        self.send_header("Content-Type", kind.decode())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve():
    """Its port; the server ends with the process."""
    # Not http.server's own constructor for names: it asks the DNS for the host's name.
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


NAME = b"\x04page\x04test\x00" # page.test, as a question for it holds it


def resolve():
    """A name server for page.test, which is this machine; it knows no other name."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.53", 53)) # not where programs ask that are told of no server

    def answer():
        while True:
            asked, whom = server.recvfrom(512)
            end = asked.index(b"\0", 12) + 5
            known = asked[12:end - 4].lower() == NAME
            found = known and asked[end - 4:end] == b"\0\1\0\1"
            record = b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1" if found else b""
            server.sendto(asked[:2] + (b"\x81\x80" if known else b"\x81\x83") + b"\0\1" + (b"\0\1" if found else b"\0\0") + b"\0\0\0\0" + asked[12:end] + record, whom)
    threading.Thread(target=answer, daemon=True).start()


def write(path, title):
    """A page of the user's, as a file."""
    with open(path, "w") as file:
        file.write(f"<title>{title}</title>")


def block(picture):
    """The block's pixels, once it is shown whole: its edge is 12 pixels wide all around."""
    box, _ = picture.box_of(EDGE)
    if not box or (box[2] - box[0] + 1, box[3] - box[1] + 1) != (664, 264):
        return None
    return picture.crop((box[0] + 12, box[1] + 12, box[2] - 12, box[3] - 12))


def assert_drawn(pixels):
    pixels = pixels_of(pixels)
    coloured, text = pixels.count(bytes(BLOCK)), pixels.count(bytes(TEXT))
    assert coloured > len(pixels) * 0.7, f"{coloured} of {len(pixels)} pixels have the block's colour"
    assert text > 2000, f"{text} pixels have the text's colour"


def saved(path):
    """Whether the download is there, whole."""
    if os.path.exists(path):
        with open(path, "rb") as file:
            return file.read() == DOWNLOAD
    return False
