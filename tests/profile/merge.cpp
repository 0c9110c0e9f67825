#include "launcher/profile/merge.hpp"
#include "launcher/profile/read.hpp"
#include "tests/profile/folder.hpp"

#include <catch2/catch.hpp>

using namespace profile_tests;
using profile::Layer;
using profile::Profile;

namespace {

Profile read(const std::string& text, Layer layer) {
    return MUST(profile::read_profile(MUST(profile::parse(text, "t.toml")), layer));
}

Profile merged(const std::string& weaker, const std::string& stronger) {
    Profile profile;
    merge(profile, read(weaker, Layer::system));
    merge(profile, read(stronger, Layer::user));
    return profile;
}

} // namespace

TEST_CASE("a later scalar replaces, and both stay in the history", "[profile]") {
    const Profile profile = merged("home.mode = \"app\"\n", "home.mode = \"overlay\"\n");
    CHECK(profile.home.mode.value == profile::HomeMode::overlay);
    REQUIRE(profile.home.mode.history.size() == 2);
    CHECK(profile.home.mode.history[0].layer == Layer::system);
    CHECK(profile.home.mode.history[0].value == "\"app\"");
    CHECK(profile.home.mode.history[1].layer == Layer::user);
}

TEST_CASE("what a later layer does not say stays", "[profile]") {
    const Profile profile = merged("home.mode = \"app\"\nroot.readonly = true\n", "root.readonly = false\n");
    CHECK(profile.home.mode.value == profile::HomeMode::app);
    CHECK(profile.home.mode.history.size() == 1);
    CHECK_FALSE(profile.root.readonly.value);
}

TEST_CASE("a table is merged by key", "[profile]") {
    const Profile profile = merged("env.set = { A = \"1\", B = \"2\" }\n", "env.set = { B = \"3\", C = \"4\" }\n");
    CHECK(profile.env.set.at("A").value == "1");
    CHECK(profile.env.set.at("B").value == "3");
    CHECK(profile.env.set.at("B").history.size() == 2);
    CHECK(profile.env.set.at("C").value == "4");
}

TEST_CASE("an array is a set: later layers add, and take out by an exclamation mark", "[profile]") {
    const Profile profile =
        merged("root.etc = [\"a\", \"b\", \"c\"]\n", "root.etc = [\"!b\", \"d\", \"a\", \"!nothing\"]\n");
    CHECK(words(profile.root.etc) == Words{"a", "c", "d"});
    CHECK(profile.root.etc[0].history.size() == 2);
    CHECK(profile.root.etc[2].origin().file == "t.toml");
}

TEST_CASE("what was taken out can come back", "[profile]") {
    Profile profile = merged("root.etc = [\"a\"]\n", "root.etc = [\"!a\"]\n");
    CHECK(profile.root.etc.empty());
    merge(profile, read("root.etc = [\"a\"]\n", Layer::command_line));
    CHECK(words(profile.root.etc) == Words{"a"});
}

TEST_CASE("a removal never stays in a merged set", "[profile]") {
    CHECK(merged("", "root.etc = [\"!a\"]\n").root.etc.empty());
}

TEST_CASE("the arguments of an app are one value", "[profile]") {
    const Profile profile = merged("app.args = [\"-a\", \"-b\"]\n", "app.args = [\"!x\"]\n");
    CHECK(profile.app.args.value == Words{"!x"});
}

TEST_CASE("a grant is one value, replaced whole", "[profile]") {
    const Profile profile = merged("files.\"/a\" = { access = \"rw\", target = \"/b\" }\n", "files.\"/a/\" = \"ro\"\n");
    CHECK(profile.files.at("/a").value.access == profile::FileAccess::ro);
    CHECK(profile.files.at("/a").value.target.empty());
    CHECK(profile.files.at("/a").history.size() == 2);
}

TEST_CASE("mounts add up, the same one once", "[profile]") {
    const std::string one = "[[mount]]\ntype = \"tmpfs\"\ntarget = \"/a\"\n";
    const Profile profile = merged(one, one + "[[mount]]\ntype = \"tmpfs\"\ntarget = \"/b\"\n");
    REQUIRE(profile.mount.size() == 2);
    CHECK(profile.mount[0].history.size() == 2);
}

TEST_CASE("a service's table tunes what is there, its word starts afresh", "[profile]") {
    const std::string first = "services.a = { mode = \"m\", one = true, two = \"x\" }\n";
    const auto tuned = merged(first, "services.a = { one = false, three = 3 }\n").services.at("a").value;
    CHECK(tuned.enabled);
    CHECK(tuned.mode == "m");
    CHECK(tuned.options ==
          std::vector<std::pair<std::string, std::string>>{{"one", "false"}, {"three", "3"}, {"two", "x"}});
    const auto afresh = merged(first, "services.a = true\n").services.at("a").value;
    CHECK(afresh.mode.empty());
    CHECK(afresh.options.empty());
    CHECK_FALSE(merged(first, "services.a = false\n").services.at("a").value.enabled);
    CHECK(merged("services.a = false\n", first).services.at("a").value.enabled);
}

TEST_CASE("merging nothing changes nothing", "[profile]") {
    Profile profile = read("home.mode = \"app\"\nroot.etc = [\"a\"]\nfiles.\"/a\" = \"ro\"\n", Layer::system);
    const std::string before = profile.home.mode.history[0].value;
    merge(profile, Profile{});
    CHECK(profile.home.mode.history.size() == 1);
    CHECK(profile.root.etc.size() == 1);
    CHECK(profile.files.size() == 1);
    CHECK(profile.home.mode.history[0].value == before);
}

TEST_CASE("a table of calls adds to what a weaker layer said of a name, a word says it all", "[profile]") {
    const std::string weaker = "[dbus.session]\norg.a.B = { access = \"see\", call = [\"org.a.I.M\"] }\n";
    const Profile more = merged(weaker, "[dbus.session]\norg.a.B = { call = [\"org.a.I.N\", \"org.a.I.M\"], broadcast = [\"org.a.I.S\"] }\n");
    CHECK(more.dbus.session.at("org.a.B").value == profile::BusRule{profile::BusAccess::see, {"org.a.I.M", "org.a.I.N"}, {"org.a.I.S"}});
    CHECK(merged(weaker, "[dbus.session]\norg.a.B = \"none\"\n").dbus.session.at("org.a.B").value == profile::BusRule{});
    CHECK(merged(weaker, "[dbus.session]\norg.a.B = \"talk\"\n").dbus.session.at("org.a.B").value == profile::BusRule{profile::BusAccess::talk, {}, {}});
}
