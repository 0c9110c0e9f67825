// The displays, and the places.

#include "launcher/resolve/xauthority.hpp"
#include "tests/resolve/resolve_support.hpp"

using namespace support;

namespace {

using namespace std::string_literals;

profile::Item<profile::ServiceWish> on(std::uint32_t line = 1, std::string mode = "") {
    return item<profile::ServiceWish>({true, std::move(mode), {}}, line);
}

std::string counted(std::string_view text) {
    return std::string{static_cast<char>(text.size() >> 8), static_cast<char>(text.size() & 0xff)} + std::string(text);
}

std::string record(std::uint16_t family, std::string_view address, std::string_view number, std::string_view data) {
    return std::string{static_cast<char>(family >> 8), static_cast<char>(family & 0xff)} + counted(address) + counted(number) +
           counted("MIT-MAGIC-COOKIE-1") + counted(data);
}

} // namespace

TEST_CASE("A Wayland display is its socket and the variables that name it", "[resolve][services]") {
    Case test;
    test.tell("socket /run/user/1000/wayland-7\nenv WAYLAND_DISPLAY=wayland-7\n");
    test.profile.services["wayland"] = on();
    const auto made = test.made();
    REQUIRE(mount_at<plan::Bind>(made, "/run/user/1000/wayland-0") != nullptr);
    CHECK(mount_at<plan::Bind>(made, "/run/user/1000/wayland-0")->source.path.text == "/run/user/1000/wayland-7");
    CHECK(variable(made, "WAYLAND_DISPLAY") == "wayland-0");
    CHECK(variable(made, "XDG_SESSION_TYPE") == "wayland");
    CHECK(variable(made, "DISPLAY") == "(unset)");
}

TEST_CASE("A local X display is its socket alone, in a folder of its own", "[resolve][services]") {
    const std::string display = GENERATE(":5", ":5.0", "unix:5", "unix/:5.1");
    Case test;
    test.tell("socket /tmp/.X11-unix/X5\nsocket /tmp/.X11-unix/X6\nenv DISPLAY=" + display + "\n");
    test.profile.services["x11"] = on();
    const auto made = test.made();
    CAPTURE(display);
    CHECK(mount_at<plan::Bind>(made, "/tmp/.X11-unix/X5") != nullptr);
    CHECK_FALSE(any_at(made, "/tmp/.X11-unix/X6"));
    CHECK_FALSE(any_at(made, "/tmp/.X11-unix"));
    CHECK(variable(made, "DISPLAY") == ":5");
    CHECK(variable(made, "XAUTHORITY") == "(unset)");
}

TEST_CASE("A display that another user's link leads to is none", "[resolve][services]") {
    const std::string mode = GENERATE("", "isolated");
    Case test;
    test.tell("socket /run/user/1000/bus\nlink /tmp/.X11-unix/X5 /run/user/1000/bus\nplanted /tmp/.X11-unix/X5\nenv DISPLAY=:5\nfile /usr/bin/Xephyr x\n");
    test.profile.services["x11"] = on(1, mode);
    const auto made = test.made();
    CHECK_FALSE(any_at(made, "/tmp/.X11-unix/X5"));
    CHECK(made.plan.sidecars.empty());
    REQUIRE(made.warnings.size() == 1);
    CHECK(made.warnings[0].text == "no display for windows (x11: '/tmp/.X11-unix/X5' leads through the link '/tmp/.X11-unix/X5', which another user made in a folder where everybody may)");
}

TEST_CASE("On the host's network the display has another number inside, which no abstract socket has", "[resolve][services][A23]") {
    Case test;
    test.tell("socket /tmp/.X11-unix/X5\nenv DISPLAY=:5\n");
    test.profile.services["x11"] = on();
    test.profile.network.mode = item(profile::NetworkWish::host);
    const auto made = test.made();
    REQUIRE(mount_at<plan::Bind>(made, "/tmp/.X11-unix/X1005") != nullptr);
    CHECK(mount_at<plan::Bind>(made, "/tmp/.X11-unix/X1005")->source.path.text == "/tmp/.X11-unix/X5");
    CHECK(variable(made, "DISPLAY") == ":1005");
}

TEST_CASE("The cookie of that display alone is given, for any host name", "[resolve][services]") {
    const std::string file = record(256, "host", "5", "right") + record(256, "host", "6", "other") + record(256, "old", "5", "stale") +
                             record(0, "\x7f", "5", "inet");
    const auto own = resolve::cookies_for(file, "5", "host", "1005");
    REQUIRE(own.ok());
    CHECK(own.value() == record(0xffff, "", "1005", "right"));
    const auto renamed = resolve::cookies_for(record(256, "old", "5", "stale"), "5", "host", "5");
    CHECK(renamed.value() == record(0xffff, "", "5", "stale"));
    CHECK(resolve::cookies_for(file, "7", "host", "7").value().empty());
    CHECK(resolve::cookies_for("", "5", "host", "5").value().empty());
}

TEST_CASE("A file of cookies that is cut short is an error at every length", "[resolve][services]") {
    const std::string file = record(256, "host", "5", "right");
    for (std::size_t size = 1; size < file.size(); ++size)
        CHECK(base::to_text(resolve::cookies_for(file.substr(0, size), "5", "host", "5").error()) == "the file of X cookies is cut short; see XAUTHORITY; xauth list reads it");
}

TEST_CASE("A file of cookies that cannot be read stops the start", "[resolve][services]") {
    Case test;
    test.tell("socket /tmp/.X11-unix/X5\nenv DISPLAY=:5\nfile /home/anna/.Xauthority cut\n");
    test.profile.services["x11"] = on(4);
    CHECK(test.error() == "test.toml:4:1: the file of X cookies is cut short: '/home/anna/.Xauthority'; see XAUTHORITY; xauth list reads it");
}

TEST_CASE("No display is one line; a required one is an error", "[resolve][services]") {
    Case test;
    test.profile.services["x11"] = on(4);
    test.profile.services["wayland"] = on(5);
    auto made = test.made();
    REQUIRE(made.warnings.size() == 1);
    CHECK(made.warnings[0].text == "no display for windows (x11: DISPLAY is not set; wayland: WAYLAND_DISPLAY is not set)");
    test.tell("socket /tmp/.X11-unix/X5\nenv DISPLAY=:5\n");
    CHECK(test.made().warnings.empty());
    test.profile.require.services = {text("wayland", 7)};
    CHECK(test.error() == "test.toml:7:1: the service 'wayland' is required and not to be had: WAYLAND_DISPLAY is not set; start "
                          "it where it is there, or remove it from [require]");
    test.profile.require.services = {text("audio", 6)};
    CHECK(test.error() == "test.toml:6:1: the service 'audio' is required, and switched off; set services.audio = true, or remove "
                          "it from [require]");
}

TEST_CASE("A display of another machine, or a file in its place, is not shown", "[resolve][services]") {
    Case test;
    test.profile.services["x11"] = on(4);
    test.tell("env DISPLAY=remote:0\n");
    REQUIRE(test.made().warnings.size() == 1);
    CHECK(test.made().warnings[0].text.find("only local displays") != std::string::npos);
    Case other;
    other.profile.services["x11"] = on(4);
    other.tell("file /tmp/.X11-unix/X5 x\nenv DISPLAY=:5\n");
    CHECK(other.made().warnings[0].text.find("'/tmp/.X11-unix/X5' is no socket") != std::string::npos);
}

TEST_CASE("Places are the user's own folders", "[resolve][places]") {
    Case test;
    test.tell("file /home/anna/.config/user-dirs.dirs # comment\\nXDG_DOWNLOAD_DIR=\"$HOME/Geladenes\"\\n"
              "XDG_MUSIC_DIR=\"/srv/m\\usic\"\\nXDG_PICTURES_DIR=\"$HOME/\"\\nXDG_VIDEOS_DIR=\"$(rm -rf /)\"\\nXDG_PUBLICSHARE_DIR=x\\n\n");
    const auto places = resolve::places(test.host, "org.example.Editor");
    CHECK(places.at("HOME") == "/home/anna");
    CHECK(places.at("APP") == "org.example.Editor");
    CHECK(places.at("DOWNLOADS") == "/home/anna/Geladenes");
    CHECK(places.at("DOCUMENTS") == "/home/anna/Documents");
    CHECK(places.at("MUSIC") == "/srv/music");
    CHECK(places.at("PICTURES") == "/home/anna/Pictures"); // the home itself says: there is none
    CHECK(places.at("VIDEOS") == "/home/anna/Videos");
    CHECK(places.at("PUBLIC") == "/home/anna/Public");
    CHECK(places.at("RUNTIME") == "/run/user/1000");
    CHECK(places.at("CONFIG") == "/home/anna/.config");
    test.tell("env XDG_CONFIG_HOME=relative\nenv XDG_DATA_HOME=/data/anna/\n");
    const auto others = resolve::places(test.host, "x");
    CHECK(others.at("CONFIG") == "/home/anna/.config");
    CHECK(others.at("DATA") == "/data/anna");
}

TEST_CASE("A required service of devices, sockets or files stops the start where the host, or the profile, shows none of them", "[resolve][services]") {
    struct Row {
        const char* service;
        const char* there;  ///< what the host has then
        const char* reason; ///< without it
    };
    const auto row = GENERATE(Row{"gpu", "char /dev/dri/renderD128 226:128\n", "there is no device /dev/dri/renderD*, /dev/dri/extra"},
                              Row{"printing", "socket /run/cups/cups.sock\n", "'/run/cups/cups.sock' is not there, or not shown"},
                              Row{"folders", "dir /home/anna/Music\n", "of '/home/anna/Music', '/home/anna/Videos' none is there, or shown"});
    const auto by_service = [&](const char* name) { return std::vector<profile::Setting>{{profile::Layer::system, {"/x/services/" + std::string(name) + ".toml", 3, 1}, ""}}; };
    Case test;
    test.profile.devices.nodes = {{"/dev/dri/renderD*", by_service("gpu")}, {"/dev/dri/extra", by_service("gpu")}};
    test.profile.files["/usr/share/of-gpu"] = {{profile::FileAccess::ro, true}, by_service("gpu")};
    test.profile.files["/run/cups/cups.sock"] = {{profile::FileAccess::rw, true}, by_service("printing")};
    test.profile.files["${MUSIC}"] = {{profile::FileAccess::ro, true}, by_service("folders")};
    test.profile.files["${VIDEOS}"] = {{profile::FileAccess::ro, true}, by_service("folders")};
    test.profile.services[row.service] = on(4);
    const std::string refused = "test.toml:6:1: the service '" + std::string(row.service) + "' is required and not to be had: ";
    CAPTURE(row.service);
    CHECK(test.error().empty());
    test.profile.require.services = {text(row.service, 6)};
    CHECK(test.error() == refused + row.reason + "; start it where it is there, or remove it from [require]");
    test.tell(row.there);
    CHECK(test.error().empty());
    // There, and hidden by the profile itself.
    auto masked = test;
    masked.profile.mask.paths = {text(std::string(row.service) == "gpu" ? "/dev/dri/renderD128" : std::string(row.service) == "printing" ? "/run/cups" : "/home/anna/Music", 8)};
    CHECK(masked.error().starts_with(refused));
}

TEST_CASE("What a required service reads beside its groups of /etc may be missing", "[resolve][services]") {
    Case test;
    const std::vector<profile::Setting> by_service{{profile::Layer::system, {"/x/services/fonts.toml", 3, 1}, ""}};
    test.profile.root.etc = {{"fonts", by_service}};
    test.profile.files["${HOME}/.fonts"] = {{profile::FileAccess::ro, true}, by_service};
    test.profile.services["fonts"] = on(4);
    test.profile.require.services = {text("fonts", 6)};
    CHECK(test.error().empty());
}
