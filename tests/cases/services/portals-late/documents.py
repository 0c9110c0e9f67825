"""documents.py MODE: as the portal of documents, which a bus starts for who calls it. MODE `late`: its folder is there when it answers, after
half a second. `hangs`: it never answers."""
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
from services import wire

connection = wire.Connection(os.environ["DBUS_STARTER_ADDRESS"].split(",")[0].removeprefix("unix:path="))
open(os.path.join(os.environ["HOME"], "documents-started"), "w").close()
connection.bus("RequestName", "su", "org.freedesktop.portal.Documents", 0)
try:
    while got := connection.queue.pop(0) if connection.queue else connection.next(3600): # what came before the name was its own is queued
        if got.kind != wire.CALL or got.fields.get(wire.MEMBER) != "GetMountPoint" or sys.argv[1] == "hangs":
            continue
        time.sleep(0.5)
        os.makedirs(os.path.join(os.environ["XDG_RUNTIME_DIR"], "doc/by-app/org.example.Late"))
        connection.send(wire.RETURN, {wire.REPLY_SERIAL: got.serial, wire.DESTINATION: got.fields[wire.SENDER]}, "s", [os.environ["XDG_RUNTIME_DIR"] + "/doc"])
except (wire.Closed, OSError):
    pass
