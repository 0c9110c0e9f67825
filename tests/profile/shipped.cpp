// The profiles that are shipped: every one loads, and says what its class promises.

#include "launcher/profile/expand.hpp"
#include "tests/profile/folder.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

using namespace profile_tests;
using profile::Layer;

namespace {

const std::vector<profile::SearchFolder> folders{
    {{std::filesystem::weakly_canonical(TESTS_FOLDER "/../profiles").string()}, Layer::system}};

profile::Profile shipped(const std::string& name) {
    auto loaded = profile::load({folders, name, {}});
    INFO(name);
    if (!loaded.ok()) FAIL(to_text(loaded.error()));
    return std::move(loaded).value();
}

std::vector<std::string> ids() {
    std::vector<std::string> out;
    const auto rows = profile::list(folders);
    REQUIRE(rows.ok());
    for (const auto& row : rows.value()) out.push_back(row.id);
    return out;
}

bool holds(const profile::Set& set, const std::string& word) {
    return std::any_of(set.begin(), set.end(), [&](const auto& item) { return item.value == word; });
}

} // namespace

TEST_CASE("every shipped profile loads", "[profile]") {
    REQUIRE(ids().size() >= 24);
    for (const std::string& id : ids()) CHECK(shipped(id).app.id.value == id);
}

TEST_CASE("no two shipped profiles claim one name, and each answers to all of its names", "[profile]") {
    std::set<std::string> seen;
    for (const std::string& id : ids()) {
        const auto profile = shipped(id);
        CHECK_FALSE(profile.app.exec.empty());
        for (const auto& name : profile.app.names) {
            CAPTURE(id, name.value);
            CHECK(seen.insert(name.value).second);
            CHECK(shipped(name.value).app.id.value == id);
        }
    }
}

TEST_CASE("every service and class that is shipped can be read, in all of its modes and options", "[profile]") {
    for (const auto& entry : std::filesystem::directory_iterator(folders[0].path.text + "/services")) {
        if (entry.path().extension() != ".toml") continue;
        const std::string name = entry.path().stem();
        const auto loaded = profile::load({folders, "minimal", {{"services." + name, "true", {"--set"}}}});
        CHECK((loaded.ok() ? "" : to_text(loaded.error())) == "");
    }
    for (const auto& entry : std::filesystem::directory_iterator(folders[0].path.text + "/class")) {
        if (entry.path().extension() != ".toml") continue;
        const std::string name = "class/" + entry.path().stem().string();
        const auto loaded = profile::load({folders, "minimal", {{"app.extends", "[\"" + name + "\"]", {"--set"}}}});
        CHECK((loaded.ok() ? "" : to_text(loaded.error())) == "");
    }
}

TEST_CASE("every shipped grant names places that there are, each path once", "[profile]") {
    const profile::Places places{{"HOME", "/h"},           {"CONFIG", "/h/.config"},   {"DATA", "/h/.local/share"},
                                 {"CACHE", "/h/.cache"},   {"RUNTIME", "/run/user/1"}, {"DESKTOP", "/h/Desktop"},
                                 {"DOCUMENTS", "/h/Docs"}, {"DOWNLOADS", "/h/Down"},   {"MUSIC", "/h/Music"},
                                 {"PICTURES", "/h/Pics"},  {"VIDEOS", "/h/Videos"}};
    for (const std::string& id : ids()) {
        const auto files = profile::expand_files(shipped(id).files, places);
        CAPTURE(id);
        CHECK((files.ok() ? "" : to_text(files.error())) == "");
    }
}

TEST_CASE("every shipped profile denies keys and passwords, drops core files and masks what tells of the host",
          "[profile]") {
    for (const std::string& id : ids()) {
        const auto profile = shipped(id);
        CAPTURE(id);
        for (const char* path : {"${HOME}/.ssh", "${HOME}/.gnupg", "${DATA}/keyrings"}) {
            REQUIRE(profile.files.contains(path));
            CHECK(profile.files.at(path).value.access == profile::FileAccess::deny);
        }
        CHECK(profile.rlimits.at("core").value.soft == 0);
        for (const char* path : {"/proc/kcore", "/proc/keys", "/sys/firmware"}) CHECK(holds(profile.mask.paths, path));
        CHECK(holds(profile.mask.readonly, "/proc/sys"));
        CHECK(profile.process.no_new_privileges.value);
        CHECK(profile.process.landlock.value);
        CHECK(profile.root.readonly.value);
        CHECK(profile.process.caps.empty());
    }
}

TEST_CASE("only what needs the network, a nested sandbox, sound or a bus has it", "[profile]") {
    const std::set<std::string> browsers{"org.mozilla.firefox", "org.chromium.Chromium"};
    const std::set<std::string> online{"org.mozilla.Thunderbird", "io.github.Hexchat", "transmission-gtk", "newsboat"};
    const std::set<std::string> loud{"mpv", "org.videolan.VLC", "org.audacityteam.Audacity", "dosbox"};
    const std::set<std::string> on_bus{"org.mozilla.firefox", "org.chromium.Chromium", "org.mozilla.Thunderbird", "io.github.Hexchat", "transmission-gtk",
                                       "org.gnome.Evince", "atril", "org.gnome.eog", "org.videolan.VLC"};
    for (const std::string& id : ids()) {
        const auto profile = shipped(id);
        const bool browser = browsers.contains(id);
        CAPTURE(id);
        CHECK((profile.network.mode.value != profile::NetworkWish::none) == (browser || online.contains(id)));
        CHECK(profile.process.userns.value == (browser || id == "org.mozilla.Thunderbird"));
        const auto audio = profile.services.find("audio");
        CHECK((audio != profile.services.end() && audio->second.value.enabled) == (browser || loud.contains(id)));
        const auto records = [](const auto& option) { return option.first == "microphone" && option.second == "true"; };
        CHECK((audio != profile.services.end() && std::any_of(audio->second.value.options.begin(), audio->second.value.options.end(), records)) == (id == "org.audacityteam.Audacity"));
        CHECK(!profile.files.contains("${RUNTIME}/pulse/native")); // the sound server's own socket, by which it loads what it is told
        CHECK(profile.dbus.session.empty() != on_bus.contains(id));
        CHECK(profile.dbus.system.empty());
        CHECK(profile.dbus.a11y.empty());
        for (const auto& [name, rule] : profile.dbus.session) {
            CAPTURE(name);
            // A name that the app owned, or might see the owner of, would be that of a twin outside as well.
            const bool portal = name == "org.freedesktop.portal.Documents" || name == "org.freedesktop.portal.IBus" || name == "org.freedesktop.portal.Fcitx";
            CHECK((rule.value.access == profile::BusAccess::none || rule.value.access == profile::BusAccess::own_private || portal));
            for (const std::string& call : rule.value.call)
                CHECK((call.find(".OpenURI.") == std::string::npos || profile.network.mode.value != profile::NetworkWish::none));
            for (const std::string& call : rule.value.call) // what an app wrote would be opened outside, unasked
                CHECK((call.find(".OpenFile") == std::string::npos && call.find(".OpenDirectory") == std::string::npos && call.find(".OpenURI.*") == std::string::npos));
        }
    }
}

TEST_CASE("no shipped profile lets the user's files be executed, nor opens the whole home", "[profile]") {
    for (const std::string& id : ids()) {
        const auto profile = shipped(id);
        CAPTURE(id);
        CHECK_FALSE(profile.files.contains("${HOME}"));
        CHECK(profile.home.mode.value != profile::HomeMode::shared);
        CHECK(profile.home.mode.value != profile::HomeMode::overlay);
        for (const auto& [path, grant] : profile.files) {
            CAPTURE(path);
            if (path.starts_with("${") && !path.starts_with("${RUNTIME}") && grant.value.access != profile::FileAccess::deny)
                CHECK_FALSE(grant.value.exec);
        }
    }
}

TEST_CASE("the demo, the shell and the minimal profile have no display", "[profile]") {
    for (const char* id : {"demo", "shell", "minimal"}) CHECK(shipped(id).services.empty());
}
