"""The page that the browsers show: a block of one colour with text in it, served on loopback."""
import http.server
import threading

BLOCK, TEXT, EDGE = (0xC0, 0x1A, 0x84), (0xFF, 0xFF, 0xE0), (0x10, 0x90, 0x60)
DOWNLOAD = b"".join(b"%06d\n" % n for n in range(50000))
HTML = """<!doctype html><meta charset="utf-8"><title>Page 7341 of the sandbox</title>
<style>body { margin: 0; background: #fff }
#edge { position: absolute; left: 60px; top: 40px; padding: 12px; background: #109060 }
#block { width: 640px; height: 240px; background: #c01a84; color: #ffffe0; font: 48px "DejaVu Sans"; line-height: 80px }
</style><div id="edge"><div id="block">Rendered inside: 7341<br>Äpfel, Ωμέγα<br>end of the text</div></div>
<a id="download" href="/numbers.bin" download>numbers</a>
<script>document.title += document.getElementById("block").offsetWidth === 640 ? " (laid out)" : ""</script>"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        known = {"/": (b"text/html", HTML.encode()), "/numbers.bin": (b"application/octet-stream", DOWNLOAD)}
        kind, body = known.get(self.path, (b"text/plain", b"none"))
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
