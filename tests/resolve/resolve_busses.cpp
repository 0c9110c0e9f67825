// The busses and their proxy.

#include "tests/resolve/resolve_support.hpp"

#include <algorithm>

using namespace support;

namespace {

struct BusCase : Case {
    BusCase() { tell("file /usr/bin/xdg-dbus-proxy x\nsocket /run/user/1000/bus\n"); }
    void rule(const std::string& name, profile::BusAccess access, std::vector<std::string> calls = {}) {
        profile.dbus.session[name] = item(profile::BusRule{access, std::move(calls), {}}, 7);
    }
};

std::string words(const plan::Sidecar& sidecar) {
    std::string text;
    for (const std::string& word : sidecar.argv) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string in_root(const plan::Sidecar& sidecar) {
    std::string text;
    for (const plan::Mount& mount : sidecar.mounts) text += std::string(text.empty() ? "" : " ") + plan::kind_of(mount) + ":" + plan::target_of(mount).text;
    return text;
}

} // namespace

TEST_CASE("Without a rule there is neither a bus nor a proxy", "[resolve][services]") {
    BusCase test;
    test.rule("org.example.Name", profile::BusAccess::none);
    const auto made = test.made();
    CHECK(made.plan.sidecars.empty());
    CHECK(variable(made, "DBUS_SESSION_BUS_ADDRESS") == "disabled:");
    CHECK(made.warnings.empty());
}

TEST_CASE("A rule brings a filtering proxy that sees the bus, the system and nothing else", "[resolve][services][A25]") {
    BusCase test;
    test.rule("org.example.Name", profile::BusAccess::talk);
    test.rule("org.example.Other.*", profile::BusAccess::see, {"org.example.Iface.Method@/x"});
    const auto made = test.made();
    REQUIRE(made.plan.sidecars.size() == 1);
    const plan::Sidecar& proxy = made.plan.sidecars[0];
    CHECK(words(proxy) == "/usr/bin/xdg-dbus-proxy --fd={ready-fd} unix:path=/host/session /app/session --filter --talk=org.example.Name "
                          "--see=org.example.Other.* --call=org.example.Other.*=org.example.Iface.Method@/x");
    CHECK(in_root(proxy) == "bind:/usr symlink:/bin symlink:/lib data:/.flatpak-info exchange:/app bind:/host/session");
    CHECK(proxy.environment.empty());
    CHECK(proxy.network == plan::SidecarNetwork::own);
    CHECK_FALSE(proxy.seccomp.program.empty());
    REQUIRE(mount_at<plan::Symlink>(made, "/run/user/1000/bus") != nullptr);
    CHECK(mount_at<plan::Symlink>(made, "/run/user/1000/bus")->text == "/run/sandbox/bus/session");
    CHECK(mount_at<plan::Exchange>(made, "/run/sandbox/bus")->access == plan::Access::read_only);
    CHECK(variable(made, "DBUS_SESSION_BUS_ADDRESS") == "unix:path=/run/user/1000/bus");
    CHECK(variable(made, "NO_AT_BRIDGE") == "1");
}

TEST_CASE("The bus of the host is where its address says", "[resolve][services]") {
    BusCase test;
    test.rule("org.example.Name", profile::BusAccess::talk);
    test.tell("env DBUS_SESSION_BUS_ADDRESS=tcp:host=x;unix:path=/srv/b%75s,guid=1\nsocket /srv/bus\n");
    const auto made = test.made();
    REQUIRE(made.plan.sidecars.size() == 1);
    CHECK(std::get<plan::Bind>(made.plan.sidecars[0].mounts.back()).source.path.text == "/srv/bus");
    BusCase abstract;
    abstract.rule("org.example.Name", profile::BusAccess::talk);
    abstract.tell("env DBUS_SESSION_BUS_ADDRESS=unix:abstract=/tmp/dbus-x\n");
    const auto other = abstract.made();
    CHECK(other.plan.sidecars.at(0).network == plan::SidecarNetwork::host);
    CHECK(words(other.plan.sidecars[0]).find(" unix:abstract=/tmp/dbus-x /app/session ") != std::string::npos);
}

TEST_CASE("A bus that is not there is told in one line, and the app does without", "[resolve][services]") {
    const std::string lines = GENERATE("env DBUS_SESSION_BUS_ADDRESS=unix:path=/srv/none\n", "env DBUS_SESSION_BUS_ADDRESS=disabled:\n",
                                       "env DBUS_SESSION_BUS_ADDRESS=unix:path=/etc/resolv.conf\n", "env DBUS_SESSION_BUS_ADDRESS=unix:path=%zz\n");
    BusCase test;
    test.rule("org.example.Name", profile::BusAccess::talk);
    test.tell(lines);
    const auto made = test.made();
    CAPTURE(lines);
    CHECK(made.plan.sidecars.empty());
    REQUIRE(made.warnings.size() == 1);
    CHECK(made.warnings[0].text.starts_with("no session bus ("));
    CHECK(variable(made, "DBUS_SESSION_BUS_ADDRESS") == "disabled:");
}

TEST_CASE("A service that is required and speaks over a bus stops the start where the bus is not there", "[resolve][services]") {
    Case test;
    test.tell("file /usr/bin/xdg-dbus-proxy x\n");
    test.profile.dbus.session["org.example.Name"] = {profile::BusRule{profile::BusAccess::talk, {}, {}},
                                                     {{profile::Layer::system, {"/x/services/notifications.toml", 3, 1}, ""}}};
    CHECK(test.made().warnings.size() == 1);
    test.profile.services["notifications"] = item(profile::ServiceWish{true, "", {}}, 4);
    test.profile.require.services.push_back(text("notifications", 5));
    CHECK(test.error().find("test.toml:5:1: the service 'notifications' is required and not to be had: no session bus (") == 0);
}

TEST_CASE("All busses share one proxy, and assistive tools are told of theirs", "[resolve][services]") {
    BusCase test;
    test.rule("org.example.Name", profile::BusAccess::talk);
    test.profile.dbus.system["org.example.System"] = item(profile::BusRule{profile::BusAccess::talk, {}, {}}, 8);
    test.profile.dbus.a11y["org.example.Registry"] = item(profile::BusRule{profile::BusAccess::see, {}, {}}, 9);
    test.tell("socket /run/dbus/system_bus_socket\nsocket /run/user/1000/at-spi/bus_5\n");
    const auto made = test.made();
    REQUIRE(made.plan.sidecars.size() == 1);
    const std::string all = words(made.plan.sidecars[0]);
    CHECK(all.find(" unix:path=/host/system /app/system --filter --talk=org.example.System unix:path=/host/a11y /app/a11y --filter --sloppy-names") != std::string::npos);
    CHECK(variable(made, "AT_SPI_BUS_ADDRESS") == "unix:path=/run/user/1000/at-spi/bus");
    CHECK(variable(made, "NO_AT_BRIDGE") == "0");
    CHECK(mount_at<plan::Symlink>(made, "/run/dbus/system_bus_socket")->text == "/run/sandbox/bus/system");
}

TEST_CASE("A name whose owner starts programs outside is refused, and so is one that covers it", "[resolve][services][A25]") {
    const std::string name = GENERATE("org.freedesktop.systemd1", "org.freedesktop.*", "org.gnome.Shell", "org.gnome.*", "org.freedesktop.DBus",
                                      "org.freedesktop.Flatpak", "org.freedesktop.impl.portal.PermissionStore", "ca.desrt.dconf");
    const auto access = GENERATE(profile::BusAccess::talk, profile::BusAccess::own);
    BusCase test;
    test.rule(name, access);
    CAPTURE(name);
    CHECK(test.error().starts_with("test.toml:7:1: '" + name + "' on a bus cannot be granted"));
    test.rule(name, profile::BusAccess::none, {"*@/x"});
    CHECK(test.error().starts_with("test.toml:7:1: '" + name + "' on a bus cannot be granted"));
    test.rule(name, profile::BusAccess::see, {"org.example.Iface.Method"});
    CHECK(test.error().empty());
}

TEST_CASE("A private name is owned under another outside, by way of a filter of our own", "[resolve][services]") {
    BusCase test;
    test.tell("libexec /usr/libexec/sandbox\nfile /usr/libexec/sandbox/sandbox-names x\n");
    test.rule("org.example.Mine.*", profile::BusAccess::own_private);
    const auto made = test.made();
    REQUIRE(made.plan.sidecars.size() == 2);
    CHECK(words(made.plan.sidecars[0]).ends_with("--filter --own=org.sandbox.private.i{instance}.org.example.Mine.*"));
    CHECK(words(made.plan.sidecars[1]) == "/sandbox-names /app/session /bus/session org.example.Mine.*=org.sandbox.private.i{instance}.org.example.Mine.*");
    CHECK(in_root(made.plan.sidecars[1]).find("exchange:/bus") != std::string::npos);
    CHECK(mount_at<plan::Symlink>(made, "/run/user/1000/bus")->text == "/run/sandbox/names/session");
}

TEST_CASE("A player's private name is still one of a player outside", "[resolve][services]") {
    BusCase test;
    test.tell("libexec /usr/libexec/sandbox\nfile /usr/libexec/sandbox/sandbox-names x\n");
    test.rule("org.mpris.MediaPlayer2.mine", profile::BusAccess::own_private);
    const auto made = test.made();
    REQUIRE(made.plan.sidecars.size() == 2);
    CHECK(words(made.plan.sidecars[0]).ends_with("--filter --own=org.mpris.MediaPlayer2.sandbox.i{instance}.mine"));
    CHECK(words(made.plan.sidecars[1]).ends_with(" org.mpris.MediaPlayer2.mine=org.mpris.MediaPlayer2.sandbox.i{instance}.mine"));
}

TEST_CASE("Sound goes through a filter, which is told who may record", "[resolve][services]") {
    BusCase test;
    test.tell("libexec /usr/libexec/sandbox\nfile /usr/libexec/sandbox/sandbox-playback x\nsocket /run/user/1000/pulse/native\n");
    const auto wish = [&](const char* microphone) {
        test.profile.services["audio"] = item(profile::ServiceWish{true, "", {{"microphone", microphone}, {"playback", "true"}}}, 4);
        return test.made();
    };
    const auto plays = wish("false");
    REQUIRE(plays.plan.sidecars.size() == 1);
    CHECK(words(plays.plan.sidecars[0]) == "/sandbox-playback /app/native /host/native");
    CHECK(in_root(plays.plan.sidecars[0]) == "bind:/sandbox-playback bind:/host/native exchange:/app");
    CHECK(mount_at<plan::Symlink>(plays, "/run/user/1000/pulse/native")->text == "/run/sandbox/sound/native");
    const auto records = wish("true");
    REQUIRE(records.plan.sidecars.size() == 1);
    CHECK(words(records.plan.sidecars[0]) == "/sandbox-playback /app/native /host/native record");
    CHECK(mount_at<plan::Symlink>(records, "/run/user/1000/pulse/native")->text == "/run/sandbox/sound/native");
    BusCase partial;
    partial.tell("libexec /usr/libexec/sandbox\nsocket /run/user/1000/pulse/native\n");
    partial.profile.services["audio"] = item(profile::ServiceWish{true, "", {{"microphone", "false"}, {"playback", "true"}}}, 4);
    CHECK(partial.error().find("sandbox-playback is not there; the installation is not complete; install the whole of it again") != std::string::npos);
    Case silent;
    silent.profile.services["audio"] = item(profile::ServiceWish{true, "", {{"microphone", "false"}, {"playback", "true"}}}, 4);
    const auto made = silent.made();
    REQUIRE(made.warnings.size() == 1);
    CHECK(made.warnings[0].text.find("no audio ('/run/user/1000/pulse/native' is not there") == 0);
    silent.profile.require.services.push_back(text("audio", 5));
    CHECK(silent.error().find("test.toml:5:1: the service 'audio' is required and not to be had") == 0);
}

TEST_CASE("An untrusted cookie is fetched, and a nested server run, beside the sandbox", "[resolve][services]") {
    const std::string mode = GENERATE("untrusted", "isolated");
    BusCase test;
    test.tell("file /usr/bin/xauth x\nfile /usr/bin/Xephyr x\nsocket /tmp/.X11-unix/X5\nenv DISPLAY=:5\n");
    test.profile.services["x11"] = item(profile::ServiceWish{true, mode, {}}, 4);
    const auto made = test.made();
    CAPTURE(mode);
    REQUIRE(made.plan.sidecars.size() == 1);
    const bool nested = mode == "isolated";
    CHECK(variable(made, "DISPLAY") == (nested ? ":1005" : ":5"));
    CHECK(variable(made, "XAUTHORITY") == (nested ? "(unset)" : "/run/sandbox/x11/authority"));
    CHECK((mount_at<plan::Bind>(made, "/tmp/.X11-unix/X5") != nullptr) == !nested);
    test.profile.network.mode = item(profile::NetworkWish::host);
    CHECK(test.error().empty() == nested);
    BusCase bare;
    bare.tell("socket /tmp/.X11-unix/X5\nenv DISPLAY=:5\n");
    bare.profile.services["x11"] = item(profile::ServiceWish{true, mode, {}}, 4);
    CHECK(bare.error() == std::string("test.toml:4:1: '/usr/bin/") + (nested ? "Xephyr" : "xauth") + "' is needed and not installed; install the package " +
                              (nested ? "xserver-xephyr" : "xauth"));
}

TEST_CASE("An agent is one socket of the user's, at a place of its own", "[resolve][services]") {
    Case test;
    test.profile.services["ssh-agent"] = item(profile::ServiceWish{true, "", {}}, 4);
    test.profile.services["gpg-agent"] = item(profile::ServiceWish{true, "", {}}, 5);
    CHECK(test.made().warnings.size() == 2);
    test.tell("socket /run/user/1000/keyring/ssh\nsocket /run/user/1000/gnupg/S.gpg-agent.extra\nsocket /run/user/1000/gnupg/S.gpg-agent\n"
              "env SSH_AUTH_SOCK=/run/user/1000/keyring/ssh\n");
    const auto made = test.made();
    CHECK(made.warnings.empty());
    CHECK(variable(made, "SSH_AUTH_SOCK") == "/run/user/1000/ssh-agent");
    CHECK(mount_at<plan::Bind>(made, "/run/user/1000/ssh-agent")->source.path.text == "/run/user/1000/keyring/ssh");
    CHECK(mount_at<plan::Bind>(made, "/run/user/1000/gnupg/S.gpg-agent")->source.path.text == "/run/user/1000/gnupg/S.gpg-agent.extra");
}

TEST_CASE("An app that runs once at a time has one name, which no option changes", "[resolve]") {
    Case test;
    test.profile.app.single_instance = item(profile::SingleInstance::join);
    CHECK(test.made().plan.instance == "org.example.Editor-one");
    test.profile.app.single_instance = item(profile::SingleInstance::refuse);
    CHECK(test.made().plan.instance == "org.example.Editor-only");
    test.invocation.instance = "other";
    CHECK(test.error().find("--id: 'org.example.Editor' runs once at a time") == 0);
    test.profile.app.single_instance = item(profile::SingleInstance::new_);
    CHECK(test.made().plan.instance == "other");
}

TEST_CASE("The portals know an app by an id of their form, or by one made of its own", "[resolve][services]") {
    BusCase test;
    test.rule("org.example.Name", profile::BusAccess::talk);
    const auto info = [&] {
        const auto made = test.made();
        const auto& mounts = made.plan.sidecars.at(0).mounts;
        const auto data = std::find_if(mounts.begin(), mounts.end(), [](const plan::Mount& mount) { return std::holds_alternative<plan::Data>(mount); });
        return std::get<plan::Data>(*data).contents;
    };
    CHECK(info() == "[Application]\nname=org.example.Editor\n\n[Instance]\ninstance-id=org.example.Editor\n");
    test.profile.app.id = text("editor");
    CHECK(info().starts_with("[Application]\nname=org.sandbox.app.editor\n"));
    test.profile.app.id = text("x-y.z");
    CHECK(info().starts_with("[Application]\nname=org.sandbox.app.x_hy_dz\n"));
}

TEST_CASE("Portals whose documents nothing shows hand out no files, and toolkits are told of none", "[resolve][services]") {
    BusCase test;
    test.profile.services["portals"] = item(profile::ServiceWish{true, "", {}}, 4);
    test.rule("org.freedesktop.portal.Documents", profile::BusAccess::talk);
    test.rule("org.freedesktop.portal.Desktop", profile::BusAccess::none,
              {"org.freedesktop.portal.FileChooser.*@/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings.*@/org/freedesktop/portal/desktop"});
    const auto without = test.made();
    REQUIRE(without.warnings.size() == 1);
    CHECK(without.warnings[0].text.starts_with("no dialogs of the portals ('/run/user/1000/doc' shows no documents"));
    CHECK(words(without.plan.sidecars.at(0)).ends_with(" --filter --call=org.freedesktop.portal.Desktop=org.freedesktop.portal.Settings.*@/org/freedesktop/portal/desktop"));
    CHECK(mount_at<plan::Data>(without, "/.flatpak-info") == nullptr);
    CHECK(variable(without, "GTK_USE_PORTAL") == "(unset)");
    test.tell("dir /run/user/1000/doc/by-app/org.example.Editor\n");
    const auto with = test.made();
    CHECK(with.warnings.empty());
    CHECK(words(with.plan.sidecars.at(0)).find("FileChooser.*@/org/freedesktop/portal/desktop") != std::string::npos);
    CHECK(words(with.plan.sidecars[0]).find(" --talk=org.freedesktop.portal.Documents") != std::string::npos);
    CHECK(mount_at<plan::Data>(with, "/.flatpak-info") != nullptr);
    CHECK(mount_at<plan::Bind>(with, "/run/user/1000/doc")->source.path.text == "/run/user/1000/doc/by-app/org.example.Editor");
    CHECK(variable(with, "GTK_USE_PORTAL") == "1");
}
