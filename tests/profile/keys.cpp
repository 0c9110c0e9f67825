#include "launcher/profile/exposure.hpp"
#include "launcher/profile/faults.hpp"
#include "launcher/profile/keys.hpp"
#include "launcher/profile/width.hpp"
#include "tests/profile/folder.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace profile_tests;
using profile::KeyRow;
using profile::Layer;
using profile::Width;

TEST_CASE("every key of a profile has one row, and every row a key", "[profile]") {
    std::vector<std::string> keys;
    profile::Profile profile;
    base::for_each_leaf("", [&](const std::string& key, auto&) { keys.push_back(key); }, profile);
    REQUIRE(keys.size() > 50);
    for (const std::string& key : keys) {
        INFO("'" << key << "' needs a row in launcher/profile/keys.cpp");
        const bool table = std::any_of(profile::key_rows().begin(), profile::key_rows().end(),
                                       [&](const KeyRow& row) { return row.key == key + ".*" || row.key.starts_with(key + "."); });
        CHECK((profile::find_key(key) || table));
    }
    for (const KeyRow& row : profile::key_rows()) {
        const std::string key(row.key.ends_with(".*") ? row.key.substr(0, row.key.size() - 2) : row.key);
        INFO(row.key);
        CHECK(std::any_of(keys.begin(), keys.end(), [&](const std::string& one) { return one == key || key.starts_with(one + "."); }));
        CHECK(std::count_if(profile::key_rows().begin(), profile::key_rows().end(), [&](const KeyRow& one) { return one.key == row.key; }) == 1);
        CHECK_FALSE(row.value.empty());
        CHECK_FALSE(row.help.empty());
        CHECK((row.wider == profile::Wider::words) != row.order.empty());
    }
}

TEST_CASE("the order of a key that takes words holds every word of it", "[profile]") {
    profile::Profile profile;
    base::for_each_leaf("", []<class T>(const std::string& key, const T& item) {
        if constexpr (requires { base::EnumNames<decltype(item.value)>::names; }) {
            const KeyRow* row = profile::find_key(key);
            REQUIRE(row);
            if (row->wider != profile::Wider::words) return;
            for (const std::string_view name : base::EnumNames<decltype(item.value)>::names) {
                INFO(key << " " << name);
                CHECK((" " + std::string(row->order) + " ").find(" " + std::string(name) + " ") != std::string::npos);
            }
        }
    }, profile);
}

TEST_CASE("values are compared by the row of their key", "[profile]") {
    const auto compared = [](const char* key, const std::string& from, const std::string& to) { return width(*profile::find_key(key), from, to); };
    CHECK(compared("network.mode", "none", "host") == Width::wider);
    CHECK(compared("network.mode", "user", "loopback") == Width::narrower);
    CHECK(compared("namespaces.ipc", "new", "/proc/1/ns/ipc") == Width::wider);
    CHECK(compared("namespaces.ipc", "/a", "/b") == Width::unknown);
    CHECK(compared("root.no-pivot", "false", "true") == Width::wider);
    CHECK(compared("hostname.name", "a", "b") == Width::same);
    CHECK(compared("limits.memory.max", "1G", "1024M") == Width::same);
    CHECK(compared("limits.memory.max", "1G", "max") == Width::wider);
    CHECK(compared("limits.cpu.max", "150%", "1") == Width::narrower);
    CHECK(compared("limits.cpu.max", "150000 100000", "1.5") == Width::same);
    CHECK(compared("limits.io.max", "8:0 rbps=1", "8:0 rbps=2") == Width::unknown);
    CHECK(compared("limits.memory.max", "1G", "nonsense") == Width::unknown);
}

TEST_CASE("an item of a set is held by the same, by a glob, by the call without arguments", "[profile]") {
    CHECK(profile::covers("LC_*", "LC_ALL"));
    CHECK(profile::covers("*", "LC_*"));
    CHECK(profile::covers("LC_*", "LC_A*"));
    CHECK(profile::covers("ioctl", "ioctl(arg1 == 1)"));
    CHECK_FALSE(profile::covers("L?", "L*"));
    CHECK_FALSE(profile::covers("LC_ALL", "LC_*"));
    CHECK_FALSE(profile::covers("/dev/dri/*", "/dev/dri/../sda"));
    CHECK_FALSE(profile::covers("/dev/*", "/dev/dri/card0"));
    CHECK_FALSE(profile::covers("ioctl(arg1 == 1)", "ioctl"));
    CHECK(profile::covers_name("org.a.*", "org.a"));
    CHECK(profile::covers_name("org.a.*", "org.a.b.c"));
    CHECK_FALSE(profile::covers_name("org.a.*", "org.ab"));
}

TEST_CASE("all errors of a profile are told, not only the first", "[profile]") {
    Folder system;
    system.profile("apps/a.toml", "[home]\nmode = \"apq\"\npersist = [\"ok\", \"/bad\", \"../worse\"]\n[files]\n\"relative\" = \"ro\"\n\"/fine\" = \"ro\"\n"
                                  "[hoem]\nx = 1\n[app]\nextends = [\"class/none\"]\n[services]\nnosuch = true\nneither = true\n");
    const auto folded = MUST(profile::load_all({{system.as(Layer::system)}, "a", {}}));
    std::vector<std::string> lines;
    for (const auto& fault : folded.faults) lines.push_back(std::to_string(fault.origin.line));
    std::sort(lines.begin(), lines.end());
    CHECK(lines == Words{"11", "13", "14", "3", "4", "4", "6", "8"});
    CHECK(folded.profile.files.contains("/fine"));
    CHECK(words(folded.profile.home.persist) == Words{"ok"});
}

TEST_CASE("a sensitive place is known by every way to write it", "[profile]") {
    CHECK(profile::sensitive("${HOME}/.ssh/id_rsa"));
    CHECK(profile::sensitive("/home/someone/.ssh"));
    CHECK(profile::sensitive("${CONFIG}/chromium/Default"));
    CHECK(profile::sensitive("${HOME}/.config/chromium"));
    CHECK_FALSE(profile::sensitive("${HOME}/.sshx"));
    CHECK_FALSE(profile::sensitive("${DOWNLOADS}"));
    CHECK(profile::holds_sensitive("${HOME}"));
    CHECK(profile::holds_sensitive("/"));
    CHECK(profile::holds_sensitive("${HOME}/.config"));
    CHECK_FALSE(profile::holds_sensitive("${HOME}/notes"));
}

TEST_CASE("the weights of the score add up to a hundred, and each reason is said", "[profile]") {
    double sum = 0;
    for (const auto& row : profile::exposures(profile::Profile{})) {
        sum += row.weight;
        CHECK_FALSE(row.reason.empty());
        CHECK((row.part >= 0 && row.part <= 1));
    }
    CHECK(sum == Approx(100));
}

TEST_CASE("what widens a profile never lowers its score", "[profile]") {
    const auto scored = [](const std::string& text) {
        Folder system;
        system.profile("apps/a.toml", text);
        return profile::score(profile::exposures(MUST(load(system, "a"))));
    };
    const double least = scored("");
    for (const char* line : {"network.mode = \"host\"", "home.mode = \"shared\"", "files.\"${HOME}/.ssh\" = \"ro\"", "files.\"/srv\" = \"rw\"", "process.userns = true",
                             "process.seccomp.base = \"none\"", "process.caps = [\"CAP_KILL\"]", "devices.nodes = [\"/dev/video0\"]", "env.keep = [\"*\"]",
                             "dbus.session.\"org.a\" = \"talk\"", "namespaces.ipc = \"host\"", "process.terminal = \"never\"", "root.readonly = false"}) {
        INFO(line);
        CHECK(scored(std::string(line) + "\n") > least);
    }
}
