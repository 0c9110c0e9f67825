"""mpv plays a film of the user's, with sound, on Wayland."""
import documents
from common import bus, canary, confined, ends, microphone, microphone_where_granted
from world import HOME, wait_until

NEEDS = ("wayland", "sound")


def draws(world):
    """A film in ~/Videos: its green fills the window, seen through a conversion from YCbCr."""
    documents.film(f"{HOME}/Videos/meadow.y4m")
    documents.tone(f"{HOME}/Music/meadow.wav")
    world.run("mpv", "--no-config", "--vo=wlshm", "--title=film 7720", f"--audio-file={HOME}/Music/meadow.wav", f"{HOME}/Videos/meadow.y4m")
    world.wait_window("film 7720")

    def green(picture):
        pixels = [picture.pixel(x, y) for x in range(400, 900, 50) for y in range(200, 600, 50)]
        return all(red < 40 and blue < 40 and green > 200 for red, green, blue in pixels)
    world.wait_picture("mpv", "the film's green", green)


def plays(world):
    """Its sound comes out of the loudspeaker."""
    wait_until("the loudspeaker sounds", lambda: world.sound.loudness("loudspeaker.monitor") > 1000)


STEPS = [draws, plays, microphone, microphone_where_granted, confined, canary, bus, ends]
