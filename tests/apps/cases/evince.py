"""Evince (GTK 3) shows a PDF of the user's."""
import os
import shutil

import documents
from common import bus, canary, choose, confined, ends, no_sound
from world import HOME, wait_until

NEEDS = ("x11", "sound")
PATH = f"{HOME}/Documents/report 4471.pdf"
# Where the user's looks are, and the colour that comes from there.
LOOKS = {"~/.themes": (0x7A, 0x3B, 0x0C), "the data folder": (0x2B, 0x6D, 0x9E), "mark-1": (0xD1, 0x11, 0x8B), "mark-2": (0x0F, 0xA8, 0x4C)}


def shows(world, name, colour):
    """A block of that colour, of the page's proportions (2 to 1)."""
    def fits(picture):
        box, count = picture.box_of(colour)
        if not box or count < 2000:
            return False
        width, height = box[2] - box[0] + 1, box[3] - box[1] + 1
        return abs(width - 2 * height) <= 4 and count > width * height * 0.95
    world.wait_picture(name, f"a block of {colour}", fits)


def draws(world):
    """The first page of a document in ~/Documents: its title in the window's, and its block."""
    documents.pdf(PATH, "Report number 4471", [(documents.BLUE, "First page"), (documents.GREEN, "Second page")])
    world.run("evince", PATH)
    world.wait_window("4471")
    shows(world, "evince", documents.BLUE)


def turns_the_page(world):
    world.display.focus(world.window)
    world.display.key("ctrl+Page_Down")
    shows(world, "evince-second-page", documents.GREEN)


def opens_from_its_dialogue(world):
    """A second document of ~/Documents, which no command line named, in a window of its own; a third of ~/Downloads."""
    for folder, colour in (("Documents", documents.ORANGE), ("Downloads", documents.BLUE)):
        documents.pdf(f"{HOME}/{folder}/second 9604.pdf", f"Second of {folder}", [(colour, "Another")])
        second = choose(world, f"{HOME}/{folder}/second 9604.pdf", f"Second of {folder}")
        world.display.close_window(second)
        wait_until("the second window is gone", lambda: not world.display.windows(f"Second of {folder}"))


def keeps_its_settings(world):
    """What it remembers is kept for the next start, in its own home and not in the user's."""
    with open(f"{HOME}/.local/share/sandbox/homes/org.gnome.Evince/.config/glib-2.0/settings/keyfile") as file:
        assert "[org/gnome/evince]" in file.read()
    assert not os.path.exists(f"{HOME}/.config/glib-2.0")


def looks_as_the_desktop(world):
    """It is drawn in the user's theme, with the user's icons, wherever the user keeps them."""
    sheet = f"""@import url("{HOME}/.local/share/themes/Test-colours/gtk-3.0/colours.css");
headerbar {{ background-color: @header; border-top: 12px solid #{documents.hexadecimal(LOOKS['~/.themes'])}; min-height: 60px;
  background-image: -gtk-icontheme("mark-1"), -gtk-icontheme("mark-2"); background-size: 30px 30px; background-repeat: no-repeat; background-position: 30% 50%, 60% 50% }}"""
    made = {f"{HOME}/.config/gtk-3.0/settings.ini": "[Settings]\ngtk-theme-name=Test-theme\ngtk-icon-theme-name=Test-icons\n",
            f"{HOME}/.themes/Test-theme/gtk-3.0/gtk.css": sheet,
            f"{HOME}/.local/share/themes/Test-colours/gtk-3.0/colours.css": f"@define-color header #{documents.hexadecimal(LOOKS['the data folder'])};\n"}
    for folder, name, mark, above in ((f"{HOME}/.icons", "Test-icons", "mark-1", "Test-more,Adwaita"), (f"{HOME}/.local/share/icons", "Test-more", "mark-2", "hicolor")):
        made[f"{folder}/{name}/index.theme"] = f"[Icon Theme]\nName={name}\nInherits={above}\nDirectories=64\n[64]\nSize=64\nType=Scalable\nMinSize=8\nMaxSize=256\n"
        made[f"{folder}/{name}/64/{mark}.svg"] = f'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="#{documents.hexadecimal(LOOKS[mark])}"/></svg>'
    for path, text in made.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
    world.run("evince", PATH, name="evince-looks")
    world.wait_window("4471")
    world.wait_picture("evince-looks", "all of the user's looks", lambda picture: all((picture.box_of(colour)[1] or 0) > 200 for colour in LOOKS.values()))
    ends(world)
    for folder in (f"{HOME}/.config/gtk-3.0", f"{HOME}/.themes", f"{HOME}/.icons", f"{HOME}/.local/share/themes", f"{HOME}/.local/share/icons"):
        shutil.rmtree(folder)


STEPS = [draws, turns_the_page, opens_from_its_dialogue, confined, canary, bus, no_sound, ends, keeps_its_settings, looks_as_the_desktop]
