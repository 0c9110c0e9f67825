"""A screenshot that can be asked about."""
import subprocess


class Picture:
    """Rows of (red, green, blue)."""

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


def pixels_of(block):
    return [block[i:i + 3] for i in range(0, len(block), 3)]


def assert_alike(found, wanted, what):
    """Two pictures of one size are the same but for a few pixels, as of a cursor that blinks."""
    assert len(found) == len(wanted), f"{what}: {len(found) // 3} pixels, wanted {len(wanted) // 3}"
    different = sum(a != b for a, b in zip(pixels_of(found), pixels_of(wanted)))
    assert different < len(wanted) // 3 * 0.004, f"{what}: {different} of {len(wanted) // 3} pixels differ"
