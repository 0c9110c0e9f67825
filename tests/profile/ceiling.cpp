#include "launcher/profile/ceiling.hpp"
#include "launcher/profile/diff.hpp"
#include "launcher/profile/expand.hpp"
#include "launcher/profile/merge.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/profile/read.hpp"
#include "tests/profile/folder.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

using namespace profile_tests;
using profile::FileAccess;
using profile::Layer;
using profile::Profile;

namespace {

// A system with one app, an administrator with a policy, and a user.
struct Machine {
    Folder system, administrator, user;
    Machine() { system.profile("apps/app.toml", "app.exec = [\"/bin/true\"]\n"); }
    profile::Request request(std::vector<profile::Override> overrides = {}) const {
        return {{system.as(Layer::system), administrator.as(Layer::administrator), user.as(Layer::user)}, "app", std::move(overrides)};
    }
    base::Result<Profile> load(std::vector<profile::Override> overrides = {}) const { return profile::load(request(std::move(overrides))); }
};

Profile read(const std::string& text, Layer layer) { return MUST(profile::read_profile(MUST(profile::parse(text, "t.toml")), layer)); }

} // namespace

TEST_CASE("a ceiling lowers what the user and the command line wish, and says which line does", "[profile]") {
    Machine machine;
    machine.administrator.profile("policy.toml", "[max]\nnetwork.mode = \"loopback\"\n");
    machine.user.profile("apps/app.toml", "network.mode = \"user\"\n");
    const Profile profile = MUST(machine.load({{"network.mode", "\"host\"", {"--net host", 0, 0}}}));
    CHECK(profile.network.mode.value == profile::NetworkWish::loopback);
    CHECK(profile.network.mode.origin().file == machine.administrator.path("policy.toml"));
    REQUIRE(profile.limited.size() == 1);
    CHECK(profile.limited[0].wished.origin.file == "--net host");
    CHECK(to_text(profile.limited[0]) == "network.mode is limited to \"loopback\" by " + machine.administrator.path("policy.toml") + ":3:9");
}

TEST_CASE("below a ceiling nothing changes and nothing is told", "[profile]") {
    Machine machine;
    machine.administrator.profile("policy.toml", "[max]\nnetwork.mode = \"user\"\nprocess.caps = [\"CAP_NET_RAW\"]\n");
    machine.user.profile("apps/app.toml", "network.mode = \"loopback\"\nprocess.caps = [\"CAP_NET_RAW\"]\n");
    const Profile profile = MUST(machine.load());
    CHECK(profile.network.mode.value == profile::NetworkWish::loopback);
    CHECK(words(profile.process.caps) == Words{"CAP_NET_RAW"});
    CHECK(profile.limited.empty());
}

TEST_CASE("a ceiling on a key that nobody says holds its default, so that no other key means more", "[profile]") {
    Machine machine;
    machine.administrator.profile("policy.toml", "[max]\nnetwork.mode = \"user\"\nprocess.userns = false\nprocess.landlock = true\n");
    const Profile profile = MUST(machine.load());
    CHECK(profile.network.mode.set());
    CHECK(profile.network.mode.value == profile::NetworkWish::none);
    CHECK_FALSE(profile.process.userns.value);
    CHECK(profile.process.landlock.value);
}

TEST_CASE("a ceiling bounds by which call the root is changed", "[profile]") {
    Machine machine;
    machine.user.profile("apps/app.toml", "root.no-pivot = true\n");
    CHECK(MUST(machine.load()).root.no_pivot.value);
    machine.administrator.profile("policy.toml", "[max]\nroot.no-pivot = false\n");
    const Profile profile = MUST(machine.load());
    CHECK_FALSE(profile.root.no_pivot.value);
    REQUIRE(profile.limited.size() == 1);
    CHECK(to_text(profile.limited[0]) == "root.no-pivot is limited to false by " + machine.administrator.path("policy.toml") + ":3:6");
}

TEST_CASE("an empty list of a ceiling lets nothing of it through", "[profile]") {
    Machine machine;
    machine.administrator.profile("policy.toml", "[max]\nprocess.caps = []\ndevices.nodes = [\"/dev/dri/*\"]\nmount = []\n");
    machine.user.profile("apps/app.toml", "process.caps = [\"CAP_NET_RAW\"]\ndevices.nodes = [\"/dev/dri/card0\", \"/dev/video0\", \"/dev/*\"]\n"
                                          "mount = [{ type = \"tmpfs\", target = \"/x\" }]\n");
    const Profile profile = MUST(machine.load());
    CHECK(profile.process.caps.empty());
    CHECK(words(profile.devices.nodes) == Words{"/dev/dri/card0"});
    CHECK(profile.mount.empty());
    CHECK(profile.limited.size() == 4);
}

TEST_CASE("a ceiling on what narrows is a floor: the user cannot take it out", "[profile]") {
    Machine machine;
    machine.system.profile("apps/app.toml", "mask.paths = [\"/proc/kcore\"]\n");
    machine.administrator.profile("policy.toml", "[max]\nmask.paths = [\"/proc/kcore\", \"/proc/keys\"]\nprocess.seccomp.deny = [\"@debug\"]\n");
    machine.user.profile("apps/app.toml", "mask.paths = [\"!/proc/kcore\"]\n");
    const Profile profile = MUST(machine.load());
    CHECK(words(profile.mask.paths) == Words{"/proc/kcore", "/proc/keys"});
    CHECK(words(profile.process.seccomp.deny) == Words{"@debug"});
}

TEST_CASE("a limit of a ceiling holds where nobody sets one", "[profile]") {
    Machine machine;
    machine.administrator.profile("policy.toml", "[max]\nlimits.memory.max = \"2G\"\nlimits.pids.max = 100\nrlimits.nofile = 64\n");
    machine.user.profile("apps/app.toml", "limits.memory.max = \"4096M\"\nlimits.pids.max = 50\n");
    const Profile profile = MUST(machine.load());
    CHECK(profile.limits.at("memory.max").value == "2G");
    CHECK(profile.limits.at("pids.max").value == "50");
    CHECK(profile.rlimits.at("nofile").value.hard == 64);
}

TEST_CASE("a service that a ceiling forbids says nothing at all", "[profile]") {
    Machine machine;
    machine.system.profile("services/net.toml", "network.mode = \"host\"\n[options]\nmore = true\n[when.more.env.set]\nMORE = \"1\"\n");
    machine.user.profile("apps/app.toml", "services.net = true\n");
    CHECK(MUST(machine.load()).env.set.contains("MORE"));
    machine.administrator.profile("policy.toml", "[max]\nservices.net = { more = false }\n");
    Profile profile = MUST(machine.load());
    CHECK(profile.network.mode.value == profile::NetworkWish::host);
    CHECK_FALSE(profile.env.set.contains("MORE"));
    machine.administrator.profile("policy.toml", "[max]\nservices.net = false\n");
    profile = MUST(machine.load());
    CHECK(profile.network.mode.value == profile::NetworkWish::none);
    CHECK(profile.limited.size() == 1);
}

TEST_CASE("a rule of a bus is bounded by the nearest above it and by all below it", "[profile]") {
    Machine machine;
    machine.administrator.profile("policy.toml", "[max.dbus.session]\n\"org.*\" = \"see\"\n\"org.a.*\" = \"talk\"\n\"net.b.secret\" = \"none\"\n");
    machine.user.profile("apps/app.toml", "[dbus.session]\n\"org.x\" = \"own\"\n\"org.a.x\" = \"own\"\n\"net.b.*\" = \"talk\"\n\"com.c\" = \"own\"\n");
    const auto rules = MUST(machine.load()).dbus.session;
    CHECK(rules.at("org.x").value.access == profile::BusAccess::see);
    CHECK(rules.at("org.a.x").value.access == profile::BusAccess::talk);
    CHECK(rules.at("net.b.*").value.access == profile::BusAccess::none);
    CHECK(rules.at("com.c").value.access == profile::BusAccess::own);
}

TEST_CASE("a policy that is wrong stops every start, with its place", "[profile]") {
    Machine machine;
    const auto refused = [&](const std::string& text) {
        machine.administrator.profile("policy.toml", text);
        return error_of(machine.load(), machine.administrator);
    };
    CHECK(refused("[mx]\n") == "policy.toml:2:2: unknown key 'mx' of a policy; did you mean 'max'?");
    CHECK(refused("max = 1\n") == "policy.toml:2:7: 'max': expected a table, found an integer; as [max.limits] and its lines");
    CHECK(refused("[max]\nnetwork.mod = \"none\"\n") == "policy.toml:3:9: unknown key 'mod'; did you mean 'mode'?");
    CHECK(refused("[max]\napp.names = [\"x\"]\n") ==
          "policy.toml:3:5: 'app.names' cannot have a ceiling: no value of it is known to be wider than another; remove it from [max]");
    CHECK(refused("[max]\nprocess.caps = [\"!CAP_KILL\"]\n") == "policy.toml:3:17: 'process.caps': a ceiling takes nothing out, found '!CAP_KILL'");
    machine.administrator.write("policy.toml", "[max]\n");
    CHECK(error_of(machine.load(), machine.administrator) == "policy.toml:1:1: 'schema = 1' is missing; add it as the first line");
}

TEST_CASE("files are bounded path by path, the nearest rule of the ceiling for each", "[profile]") {
    const auto files = [](const std::string& text, Layer layer) {
        return MUST(profile::expand_files(read(text, layer).files, {{"HOME", "/home/u"}}));
    };
    const auto wished = files("files.\"/srv\" = \"rw\"\nfiles.\"/opt/a\" = \"ro\"\nfiles.\"/data\" = { access = \"rw\", target = \"/d\" }\n", Layer::user);
    const auto ceiling = files("files.\"/\" = \"ro\"\nfiles.\"/data\" = \"rw\"\nfiles.\"/srv/x\" = \"deny\"\nfiles.\"/data/y\" = \"ro\"\n", Layer::ceiling);
    std::vector<profile::Limitation> limited;
    const auto bounded = profile::bounded_files(wished, ceiling, limited);
    CHECK(bounded.at("/srv").value.access == FileAccess::ro);
    CHECK(bounded.at("/srv/x").value.access == FileAccess::deny);
    CHECK(bounded.at("/opt/a").value.access == FileAccess::ro);
    CHECK(bounded.at("/data").value.access == FileAccess::rw);
    CHECK(bounded.at("/data/y").value.access == FileAccess::ro);
    CHECK(bounded.at("/data/y").value.target == "/d/y");
    CHECK_FALSE(bounded.contains("/"));
    REQUIRE(limited.size() == 1);
    CHECK(limited[0].key == "files.\"/srv\"");
}

namespace {

// Lines that widen and lines that narrow; each a whole wish.
const std::vector<std::string> wishes{
    "network.mode = \"none\"", "network.mode = \"loopback\"", "network.mode = \"user\"", "network.mode = \"host\"",
    "home.mode = \"disposable\"", "home.mode = \"app\"", "home.mode = \"shared\"", "root.readonly = false", "root.readonly = true",
    "process.userns = true", "process.landlock = false", "process.seccomp.base = \"strict\"", "process.seccomp.base = \"none\"",
    "process.seccomp.allow = [\"@debug\", \"mount\"]", "process.seccomp.deny = [\"socket\"]", "process.caps = [\"CAP_NET_RAW\", \"CAP_KILL\"]",
    "devices.nodes = [\"/dev/dri/card0\"]", "devices.nodes = [\"/dev/*\"]", "env.keep = [\"LC_*\", \"EDITOR\"]", "mask.paths = [\"/proc/kcore\"]",
    "limits.memory.max = \"1G\"", "limits.memory.max = \"8G\"", "limits.cpu.max = \"150%\"", "rlimits.nofile = [10, 20]", "rlimits.nofile = 4096",
    "dbus.session.\"org.a.*\" = \"talk\"", "dbus.session.\"org.a.b\" = \"own\"", "namespaces.ipc = \"host\"", "mount = [{ type = \"tmpfs\", target = \"/x\" }]",
    "process.terminal = \"never\"",
};
const std::vector<std::string> ceilings{
    "network.mode = \"loopback\"", "network.mode = \"user\"", "home.mode = \"app\"", "root.readonly = true", "process.userns = false",
    "process.landlock = true", "process.seccomp.base = \"desktop\"", "process.seccomp.allow = [\"mount\"]", "process.seccomp.deny = [\"ptrace\"]",
    "process.caps = [\"CAP_KILL\"]", "process.caps = []", "devices.nodes = [\"/dev/dri/*\"]", "env.keep = [\"LC_*\"]", "mask.paths = [\"/proc/keys\"]",
    "limits.memory.max = \"2G\"", "limits.cpu.max = \"1\"", "rlimits.nofile = [15, 1000]", "dbus.session.\"org.a.*\" = \"see\"", "dbus.session.\"org.a.b\" = \"none\"",
    "namespaces.ipc = \"new\"", "mount = []", "process.terminal = \"auto\"",
};

std::string key_of(const std::string& line) { return line.substr(0, line.find(" = ")); }

std::string some(std::mt19937& random, const std::vector<std::string>& lines) {
    std::string text;
    std::vector<std::string> keys;
    for (const std::string& line : lines)
        if (random() % 3 == 0 && std::find(keys.begin(), keys.end(), key_of(line)) == keys.end()) {
            text += line + "\n";
            keys.push_back(key_of(line));
        }
    return text;
}


} // namespace

TEST_CASE("whatever the layers wish, no value exceeds the ceiling", "[profile]") {
    std::mt19937 random(4);
    Machine machine;
    for (int round = 0; round < 150; ++round) {
        machine.system.profile("apps/app.toml", some(random, wishes));
        machine.user.profile("apps/app.toml", some(random, wishes));
        const std::string max = some(random, ceilings);
        machine.administrator.profile("policy.toml", "[max]\n" + max);
        const Profile bounded = MUST(machine.load());
        INFO(max);
        // Bounded once more it stays as it is: nothing in it is above.
        auto ceiling = read(max, Layer::ceiling);
        profile::Files files;
        const auto again = MUST(profile::read_ceiling(files, machine.request().folders));
        Profile twice = bounded;
        twice.limited.clear();
        bound(twice, *again);
        CHECK(twice.limited.empty());
        for (const auto& one : profile::diff(bounded, twice)) FAIL_CHECK(one.key + " changed again");
        // And over the profile without a ceiling it only narrows.
        std::filesystem::remove(machine.administrator.path("policy.toml"));
        const Profile wished = MUST(machine.load());
        for (const auto& one : profile::diff(wished, bounded))
            if (base::name_of(one.width) == "widens") FAIL_CHECK(one.key + ": " + one.from + " → " + one.to);
    }
}

TEST_CASE("a layer of narrowing lines never widens, and its way back does", "[profile]") {
    const std::vector<std::string> narrow{"network.mode = \"none\"", "home.mode = \"disposable\"", "root.readonly = true", "process.userns = false",
                                          "process.landlock = true", "process.seccomp.base = \"strict\"", "process.seccomp.deny = [\"@debug\"]",
                                          "process.caps = [\"!CAP_KILL\", \"!CAP_NET_RAW\"]", "env.keep = [\"!LC_*\", \"!EDITOR\"]", "mask.paths = [\"/proc/fs\"]",
                                          "limits.memory.max = \"1M\"", "limits.cpu.max = \"1%\"", "rlimits.nofile = 5", "dbus.session.\"org.a.*\" = \"none\"",
                                          "namespaces.ipc = \"new\"", "process.terminal = \"always\"", "files.\"/a\" = \"deny\""};
    std::mt19937 random(5);
    for (int round = 0; round < 200; ++round) {
        const Profile before = read(some(random, wishes) + "files.\"/a\" = \"rw\"\n", Layer::system);
        Profile after = before;
        merge(after, read(some(random, narrow), Layer::user));
        for (const auto& one : profile::diff(before, after))
            if (base::name_of(one.width) == "widens") FAIL_CHECK(one.key + ": " + one.from + " → " + one.to);
        const auto forth = profile::diff(before, after), back = profile::diff(after, before);
        REQUIRE(forth.size() == back.size());
        for (std::size_t at = 0; at < forth.size(); ++at)
            if (forth[at].width == profile::Width::narrower) CHECK(back[at].width == profile::Width::wider);
    }
}

TEST_CASE("a profile that is printed as a file and read again is the same", "[profile]") {
    std::mt19937 random(6);
    for (int round = 0; round < 100; ++round) {
        const Profile profile = read(some(random, wishes) + "app.args = [\"a \\\"b\\\"\"]\nprocess.umask = \"077\"\nfiles.\"${HOME}/x y\" = { access = \"ro\", target = \"/t\" }\n"
                                     "services.audio = { a = 1, b = true }\nservices.x11 = \"trusted\"\nenv.set.A = \"1\"\nids.uid-map = [{ inside = 0, outside = 5 }]\n", Layer::user);
        const std::string text = to_toml(profile);
        INFO(text);
        const Profile again = MUST(profile::read_profile(MUST(profile::parse(text, "again.toml")), Layer::user));
        CHECK(profile::diff(profile, again).empty());
        CHECK(to_toml(again) == text);
    }
}

TEST_CASE("a ceiling on a service that there is not stops every start, as it would forbid nothing", "[profile]") {
    Machine machine;
    machine.system.profile("services/sound.toml", "options.microphone = false\nmodes.shared = {}\n");
    const auto said = [&](const std::string& line) {
        machine.administrator.profile("policy.toml", "[max.services]\n" + line + "\n");
        const auto loaded = machine.load();
        return loaded ? std::string() : to_text(loaded.error()).substr(machine.administrator.path("policy.toml").size());
    };
    CHECK(said("sound = false").empty());
    CHECK(said("sound = { microphone = false }").empty());
    CHECK(said("sound = \"shared\"").empty());
    CHECK(said("sond = false") == ":3:1: unknown service 'sond'; did you mean 'sound'?");
    CHECK(said("sound = { micro = false }").find(": unknown option 'micro' of the service 'sound'") != std::string::npos);
    CHECK(said("sound = \"shard\"") == ":3:1: unknown mode 'shard' of the service 'sound'; did you mean 'shared'?");
}

TEST_CASE("a policy that is a link to nothing stops every start", "[profile]") {
    Machine machine;
    std::filesystem::create_symlink("nowhere", machine.administrator.path("policy.toml"));
    const auto loaded = machine.load();
    REQUIRE_FALSE(loaded.ok());
    CHECK(to_text(loaded.error()) == "the profile '" + machine.administrator.path("policy.toml") + "' is a link to nothing; make what it names, or remove it");
}
