"""A session bus with services that an application must not reach, and some that it may where its profile says so. All write
down whoever calls them.

As a program: the services. As a module: the bus with them."""
import contextlib
import os
import subprocess
import sys
import time

# Of each: the name, a path, an interface with one method, its arguments' types.
SERVICES = {
    "org.freedesktop.systemd1": ("/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager", "StartTransientUnit", "ssa(sv)a(sa(sv))"),
    "org.gnome.Shell": ("/org/gnome/Shell", "org.gnome.Shell", "Eval", "s"),
    "org.freedesktop.secrets": ("/org/freedesktop/secrets", "org.freedesktop.Secret.Service", "SearchItems", "a{ss}"),
}

# The same of what may be granted: a service at some paths, with several methods, each with the value that it answers.
OFFERED = {
    "org.freedesktop.Notifications": ("/org/freedesktop/Notifications", "org.freedesktop.Notifications", {
        "Notify": ("susssasa{sv}i", "(u)", (7,)), "CloseNotification": ("u", "()", ()), "GetCapabilities": ("", "(as)", (["actions", "body", "persistence"],)),
        "GetServerInformation": ("", "(ssss)", ("test", "test", "1", "1.2"))}),
    "org.freedesktop.ScreenSaver": ("/ScreenSaver /org/freedesktop/ScreenSaver", # both are in use
                                    "org.freedesktop.ScreenSaver", {
        "Inhibit": ("ss", "(u)", (11,)), "UnInhibit": ("u", "()", ()), "Lock": ("", "()", ())}),
}

# What other desktops have, offered where a case asks for it: browsers would choose another way if it were always there. A name, a path,
# an interface, its methods.
ELSEWHERE = [
    ("org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager", {"Inhibit": ("susu", "(u)", (12,)), "Logout": ("u", "()", ())}),
    ("org.freedesktop.PowerManagement.Inhibit", "/org/freedesktop/PowerManagement/Inhibit", "org.freedesktop.PowerManagement.Inhibit", {
        "Inhibit": ("ss", "(u)", (13,)), "HasInhibit": ("", "(b)", (True,))}),
    ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.OpenURI", {
        "OpenURI": ("ssa{sv}", "(o)", ("/org/freedesktop/portal/desktop/request/1",)), "OpenFile": ("sha{sv}", "(o)", ("/org/freedesktop/portal/desktop/request/1",))}),
    ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings", {"ReadAll": ("as", "(a{sa{sv}})", ({},))}),
    ("org.freedesktop.portal.IBus", "/org/freedesktop/IBus", "org.freedesktop.IBus.Portal", {"CreateInputContext": ("s", "(o)", ("/org/freedesktop/IBus/InputContext_1",))}),
    ("org.freedesktop.portal.Fcitx", "/org/freedesktop/portal/inputmethod", "org.fcitx.Fcitx.InputMethod1", {
        "CreateInputContext": ("a(ss)", "(oay)", ("/org/freedesktop/portal/inputcontext/1", b"0123456789abcdef"))}),
    ("org.freedesktop.portal.Documents", "/org/freedesktop/portal/documents", "org.freedesktop.portal.Documents", {"GetMountPoint": ("", "(ay)", (b"/doc",))}),
]


# No folders of services: nothing is started on demand, so whatever runs was started by a test.
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>{address}</listen>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"""


class Bus:
    def __init__(self, folder, environment):
        self.address = f"unix:path={environment['XDG_RUNTIME_DIR']}/bus"
        self.environment = {**environment, "DBUS_SESSION_BUS_ADDRESS": self.address}
        self.log = os.path.join(folder, "bus-calls.log")
        open(self.log, "w").close()
        config = os.path.join(folder, "bus.conf")
        with open(config, "w") as file:
            file.write(CONFIG.format(address=self.address))
        self.daemon = subprocess.Popen(["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile"],
                                       env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.services = subprocess.Popen(["/usr/bin/python3", os.path.abspath(__file__), self.log], env=self.environment, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while self.call_all("ready?") != len(SERVICES):
            if time.monotonic() > deadline:
                raise RuntimeError("the session bus and its services did not start")
            time.sleep(0.1)

    @contextlib.contextmanager
    def elsewhere(self):
        """With the services of other desktops, too."""
        names = {name for name, *_ in ELSEWHERE}
        process = subprocess.Popen(["/usr/bin/python3", os.path.abspath(__file__), self.log, "elsewhere"], env=self.environment, stdin=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 60
            while not names <= set(self.names("")):
                if time.monotonic() > deadline:
                    raise RuntimeError("the services of other desktops did not start")
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(20)

    def call_all(self, word):
        """Calls each service from outside; how many wrote it down."""
        arguments = {"org.freedesktop.systemd1": [word, "fail", "[]", "[]"], "org.gnome.Shell": [word], "org.freedesktop.secrets": [f"{{'word': '{word}'}}"]}
        for name, (path, interface, method, _) in SERVICES.items():
            subprocess.run(["gdbus", "call", "--session", "--dest", name, "--object-path", path, "--method", f"{interface}.{method}", *arguments[name]],
                           env=self.environment, capture_output=True)
        return len({line.split()[0] for line in self.calls() if word in line})

    def ask(self, *words):
        """What `gdbus call --dest` prints for it, as any program outside asks."""
        return subprocess.run(["gdbus", "call", "--session", "--dest", *words], env=self.environment, capture_output=True, text=True, timeout=60).stdout

    def names(self, beginning):
        """The names on the bus that begin so, as any program outside sees them."""
        words = self.ask("org.freedesktop.DBus", "--object-path", "/", "--method", "org.freedesktop.DBus.ListNames")
        return sorted(name for name in words.split("'") if name.startswith(beginning))

    def calls(self):
        with open(self.log) as file:
            return file.read().splitlines()

    def stop(self):
        for process in (self.services, self.daemon):
            process.terminate()
            process.wait(20)


def serve(log_path, elsewhere=False):
    from gi.repository import Gio, GLib
    connection = Gio.bus_get_sync(Gio.BusType.SESSION)
    log = open(log_path, "a", buffering=1)

    def called(_connection, sender, _path, _interface, method, arguments, invocation):
        # print_() writes the arguments on one line.
        log.write(f"{interface_owner[_interface]} {method} {sender} {arguments.print_(False)}\n")
        # The launcher asks systemd for a scope and must not wait for a job that never comes.
        invocation.return_dbus_error("org.freedesktop.DBus.Error.AccessDenied", "this is not the service that it looks like")

    def asked(_connection, sender, _path, interface, method, arguments, invocation):
        _, form, value = offered[interface][method]
        log.write(f"{interface_owner[interface]} {method} {sender} {arguments.print_(False)}\n")
        invocation.return_value(GLib.Variant(form, value))

    def of_types(direction, text):
        lines = ""
        while text:
            first = next(text[:n] for n in range(1, len(text) + 1) if GLib.variant_type_string_is_valid(text[:n]))
            lines += f'<arg direction="{direction}" type="{first}"/>'
            text = text[len(first):]
        return lines

    def own(name, path, interface, methods, answer):
        lines = "".join(f'<method name="{method}">{of_types("in", types)}{of_types("out", form[1:-1])}</method>' for method, (types, form) in methods.items())
        node = Gio.DBusNodeInfo.new_for_xml(f'<node><interface name="{interface}">{lines}</interface></node>')
        interface_owner[interface] = name
        for one in path.split():
            connection.register_object(one, node.interfaces[0], answer, None, None)
        Gio.bus_own_name_on_connection(connection, name, Gio.BusNameOwnerFlags.NONE, None, None)

    interface_owner, offered = {}, {}
    for name, path, interface, methods in ELSEWHERE if elsewhere else [(name, *rest) for name, rest in OFFERED.items()]:
        offered[interface] = methods
        own(name, path, interface, {method: (types, form) for method, (types, form, _) in methods.items()}, asked)
    for name, (path, interface, method, types) in [] if elsewhere else SERVICES.items():
        own(name, path, interface, {method: (types, "()")}, called)
    GLib.MainLoop().run()


if __name__ == "__main__":
    serve(sys.argv[1], "elsewhere" in sys.argv[2:])
