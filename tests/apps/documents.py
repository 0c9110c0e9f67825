"""Files for the applications to show, made here byte by byte: a colour of each tells who drew it."""
import array
import struct
import wave
import zlib

BLUE, GREEN, ORANGE = (0x1E, 0x46, 0xC8), (0x14, 0x96, 0x46), (0xE6, 0x78, 0x0A)


def pdf(path, title, pages):
    """A PDF with a page for each (colour, text): a block of 400 by 200 points, and the text below it."""
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", f"<< /Title ({title}) >>"]
    for number, (colour, text) in enumerate(pages):
        red, green, blue = (c / 255 for c in colour)
        drawn = f"{red:.4f} {green:.4f} {blue:.4f} rg 100 400 400 200 re f 0 g BT /F1 24 Tf 100 340 Td ({text}) Tj ET"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> /Contents {6 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    out, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(out)}\n%%EOF\n".encode()
    with open(path, "wb") as file:
        file.write(out)


def png(path, colour, width=320, height=200):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + bytes(colour) * width) * height
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
                   + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def film(path, luma=145, cb=54, cr=34, seconds=60):
    """Uncompressed video of one colour, a frame a second: by default pure green (BT.601)."""
    width, height = 320, 240
    frame = b"FRAME\n" + bytes([luma]) * (width * height) + bytes([cb]) * (width * height // 4) + bytes([cr]) * (width * height // 4)
    with open(path, "wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F1:1 Ip A1:1 C420\n".encode() + frame * seconds)


def tone(path, seconds=60, rate=48000):
    with wave.open(path, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(array.array("h", [9000 if (n * 1200 // rate) % 2 else -9000 for n in range(rate)]).tobytes() * seconds)


def hexadecimal(colour):
    return bytes(colour).hex()
