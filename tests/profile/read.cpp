#include "launcher/profile/keys.hpp"
#include "launcher/profile/read.hpp"
#include "tests/profile/folder.hpp"

#include <catch2/catch.hpp>

using namespace profile_tests;
using profile::Layer;

namespace {

base::Result<profile::Profile> read(const std::string& text) {
    auto document = profile::parse(text, "t.toml");
    if (!document.ok()) return std::move(document).error();
    return profile::read_profile(document.value(), Layer::user);
}

std::string error_for(const std::string& text) {
    const auto profile = read(text);
    return profile.ok() ? "(no error)" : to_text(profile.error());
}

} // namespace

TEST_CASE("every value keeps who said it, where, and how", "[profile]") {
    const auto profile = read("[home]\nmode = \"app\"\n[files]\n\"/a\" = { access = \"ro\", optional = true }\n");
    REQUIRE(profile.ok());
    CHECK(profile.value().home.mode.history ==
          std::vector<profile::Setting>{{Layer::user, {"t.toml", 2, 1}, "\"app\""}});
    CHECK(
        profile.value().files.at("/a").history ==
        std::vector<profile::Setting>{{Layer::user, {"t.toml", 4, 1}, "{ \"access\" = \"ro\", \"optional\" = true }"}});
    CHECK_FALSE(profile.value().root.readonly.set());
}

TEST_CASE("an unknown key is an error with the near match, at any depth", "[profile]") {
    CHECK(error_for("[hoem]\n") == "t.toml:1:2: unknown key 'hoem'; did you mean 'home'?");
    CHECK(error_for("[home]\nmoed = 1\n").find("t.toml:2:1: unknown key 'moed'; did you mean 'mode'?") == 0);
    CHECK(error_for("process.seccomp.bas = 1\n").find("unknown key 'bas'; did you mean 'base'?") != std::string::npos);
    CHECK(error_for("files.\"/a\" = { acess = \"ro\" }\n").find("unknown key 'acess'; did you mean 'access'?") !=
          std::string::npos);
    CHECK(error_for("[[mount]]\ntpye = \"bind\"\n").find("unknown key 'tpye'; did you mean 'type'?") !=
          std::string::npos);
}

TEST_CASE("keys that begin with x- are passed over, whatever they hold", "[profile]") {
    CHECK(error_for("x-a = 1.5\n[home]\nx-b = [1979-01-01]\n[files]\nx-c = 1\n[services]\naudio = { x-d = 1.5 }\n") ==
          "(no error)");
}

TEST_CASE("a wrong type names what was expected and what was found", "[profile]") {
    CHECK(error_for("[home]\nmode = 5\n") == "t.toml:2:8: 'mode': expected text, found an integer");
    CHECK(error_for("home = \"app\"\n") == "t.toml:1:8: 'home': expected a table, found text");
    CHECK(error_for("[[home]]\n").find("'home': expected a table, found a list") != std::string::npos);
    CHECK(error_for("[root]\nreadonly = \"yes\"\n") == "t.toml:2:12: 'readonly': expected true or false, found text");
    CHECK(error_for("[root]\netc = \"fonts\"\n") == "t.toml:2:7: 'etc': expected a list of texts, found text");
    CHECK(error_for("[root]\netc = [\"a\", 1]\n") == "t.toml:2:13: 'etc': expected text, found an integer");
    CHECK(error_for("[env.set]\nA = 1\n") == "t.toml:2:5: 'A': expected text, found an integer");
    CHECK(error_for("mount = 1\n") == "t.toml:1:9: 'mount': expected [[mount]] tables, found an integer");
    CHECK(error_for("services.audio = 1\n") ==
          "t.toml:1:18: 'audio': expected true, false, a mode or a table, found an integer");
    CHECK(error_for("files.\"/a\" = true\n") ==
          "t.toml:1:14: '/a': expected \"deny\", \"ro\", \"rw\" or a table, found a boolean");
}

TEST_CASE("a word that is no value of a key is an error with the near match", "[profile]") {
    CHECK(error_for("[home]\nmode = \"dispsable\"\n") ==
          "t.toml:2:8: unknown value 'dispsable' of 'mode'; did you mean 'disposable'?");
    CHECK(error_for("[dbus.session]\na.b = \"everything\"\n") ==
          "t.toml:2:7: unknown value 'everything' of 'a.b'; there is 'none', 'own-private', 'see', 'talk', 'own'");
}

TEST_CASE("a file is granted by a word or by a table that says the access", "[profile]") {
    const auto profile =
        read("[files]\n\"/a\" = \"rw\"\n\"/b\" = { access = \"ro\", target = \"/c\", exec = false }\n");
    REQUIRE(profile.ok());
    CHECK(profile.value().files.at("/a").value.access == profile::FileAccess::rw);
    CHECK(profile.value().files.at("/b").value.access == profile::FileAccess::ro);
    CHECK(profile.value().files.at("/b").value.target == "/c");
    CHECK_FALSE(profile.value().files.at("/b").value.exec);
    CHECK(error_for("files.\"/a\" = { optional = true }\n") ==
          "t.toml:1:14: '/a' says no access; add access = \"ro\", \"rw\" or \"deny\"");
}

TEST_CASE("paths are stored normalised, and one path with two values is an error that names both", "[profile]") {
    const auto profile = read("[files]\n\"/a//b/./c/\" = \"ro\"\n\"${HOME}/x/\" = \"rw\"\n\"${HOME}/\" = \"ro\"\n");
    REQUIRE(profile.ok());
    CHECK(profile.value().files.contains("/a/b/c"));
    CHECK(profile.value().files.contains("${HOME}/x"));
    CHECK(profile.value().files.contains("${HOME}"));
    CHECK(error_for("[files]\n\"/a\" = \"ro\"\n\"/a/\" = \"rw\"\n") ==
          "t.toml:3:1: '/a' is said twice, with another value at t.toml:2:1; leave one of them out");
    CHECK(error_for("[files]\n\"/a\" = \"ro\"\n\"/a/\" = \"ro\"\n") == "(no error)");
}

TEST_CASE("paths that are relative, climb, or begin with a tilde are refused", "[profile]") {
    CHECK(error_for("files.\"a\" = \"ro\"\n") == "t.toml:1:7: path 'a' is not absolute");
    CHECK(error_for("files.\"/a/../b\" = \"ro\"\n") == "t.toml:1:7: path '/a/../b' holds '..'");
    CHECK(error_for("files.\"${HOME}/../b\" = \"ro\"\n") == "t.toml:1:7: path '/../b' holds '..'");
    CHECK(error_for("files.\"~/b\" = \"ro\"\n") == "t.toml:1:7: path '~/b' begins with '~'; write '${HOME}/b'");
    CHECK(error_for("files.\"${HOME\" = \"ro\"\n") == "t.toml:1:7: '${HOME' has no closing '}'; as \"${HOME}/notes\"");
    CHECK(error_for("files.\"${HOME}b\" = \"ro\"\n") == "t.toml:1:7: path '${HOME}b' needs a '/' behind '${HOME}'");
    CHECK(error_for("home.persist = [\"../.ssh\"]\n") ==
          "t.toml:1:17: 'persist': expected a path below the home, without '..', found '../.ssh'");
    for (const char* path : {"/etc", "a/../b", "~/a", ".", "./"})
        CHECK(error_for("home.persist = [\"" + std::string(path) + "\"]\n").find("expected a path below the home") !=
              std::string::npos);
    CHECK(error_for("devices.nodes = [\"/etc/passwd\"]\n").find("expected a path below /dev") != std::string::npos);
    CHECK(error_for("devices.nodes = [\"/dev/../etc\"]\n").find("expected a path below /dev") != std::string::npos);
    CHECK(error_for("app.exec = [\"firefox\"]\n").find("expected an absolute path") != std::string::npos);
    CHECK(error_for("app.exec = [\"${LIBEXEC}/demo\"]\n") == "(no error)");
}

TEST_CASE("an id and a name are words that a path and a unit name can hold", "[profile]") {
    for (const char* id : {"a/b", "..", ".a", "-a", "a b", "a\\u000ab", "a@b", ""})
        CHECK(error_for("app.id = \"" + std::string(id) + "\"\n").find("'id': expected a name of letters") !=
              std::string::npos);
    CHECK(error_for("app.id = \"" + std::string(65, 'a') + "\"\n") != "(no error)");
    CHECK(error_for("app.names = [\"a/b\"]\n").find("'names': expected a name of letters") != std::string::npos);
}

TEST_CASE("an array holds a word and its removal only by mistake", "[profile]") {
    CHECK(error_for("root.etc = [\"fonts\", \"!fonts\"]\n") == "t.toml:1:22: 'etc' holds both 'fonts' and '!fonts'");
    CHECK(error_for("root.etc = [\"!fonts\", \"fonts\"]\n") != "(no error)");
    CHECK(error_for("root.etc = [\"\"]\n").find("expected a text that is not empty") != std::string::npos);
    CHECK(words(read("root.etc = [\"a\", \"b\", \"a\"]\n").value().root.etc) == Words{"a", "b"});
}

TEST_CASE("permission bits are octal, as a number with 0o or as text", "[profile]") {
    const auto umask = [](const std::string& value) { return read("process.umask = " + value + "\n"); };
    CHECK(umask("\"022\"").value().process.umask.value == 022);
    CHECK(umask("\"0o077\"").value().process.umask.value == 077);
    CHECK(umask("0o027").value().process.umask.value == 027);
    for (const char* wrong :
         {"\"099\"", "\"\"", "\"0o\"", "\"-22\"", "\" 22\"", "\"0x12\"", "\"022 \"", "\"77777\"", "-1", "4096", "true"})
        CHECK_FALSE(umask(wrong).ok());
    CHECK(error_for("process.umask = \"099\"\n") ==
          "t.toml:1:17: 'umask': expected octal permission bits such as \"022\" or 0o022, found \"099\"");
    CHECK(read("[[mount]]\ntype = \"tmpfs\"\nmode = \"1777\"\n").value().mount[0].value.mode == 01777);
}

TEST_CASE("a resource limit is a number, infinity, or a pair of these", "[profile]") {
    const auto limit = [](const std::string& value) { return read("rlimits.nofile = " + value + "\n"); };
    CHECK(limit("10").value().rlimits.at("nofile").value == profile::RlimitWish{10, 10});
    CHECK(limit("\"infinity\"").value().rlimits.at("nofile").value == profile::RlimitWish{UINT64_MAX, UINT64_MAX});
    CHECK(limit("[10, \"infinity\"]").value().rlimits.at("nofile").value == profile::RlimitWish{10, UINT64_MAX});
    for (const char* wrong : {"-1", "\"10\"", "[1]", "[1, 2, 3]", "[2, 1]", "[\"infinity\", 1]", "true", "1.5", "[]"})
        CHECK_FALSE(limit(wrong).ok());
    CHECK(error_for("rlimits.nofil = 1\n") == "t.toml:1:9: unknown resource limit 'nofil'; did you mean 'nofile'?");
}

TEST_CASE("limits take numbers and text under the kernel's names, quoted or not", "[profile]") {
    const auto profile = read("[limits]\nmemory.max = \"4G\"\n\"pids.max\" = 20\nrequired = true\n");
    REQUIRE(profile.ok());
    CHECK(profile.value().limits.at("memory.max").value == "4G");
    CHECK(profile.value().limits.at("pids.max").value == "20");
    CHECK(profile.value().limits.at("required").value == "true");
    CHECK(error_for("limits.memory.mx = 1\n").find("unknown limit 'memory.mx'; did you mean 'memory.max'?") !=
          std::string::npos);
    for (const char* group : {"true", "false", "1", "0"}) CHECK(read("[limits]\noom.group = " + std::string(group) + "\n").value().limits.at("oom.group").value == group);
    CHECK(error_for("limits.required = 1\n") == "t.toml:1:8: 'required': expected true or false, found '1'");
    CHECK(error_for("limits.pids.max = true\n").find("expected a number or text, found 'true'") != std::string::npos);
    CHECK(error_for("[limits]\nmemory.max = 1\n\"memory.max\" = 2\n").find("'memory.max' is said twice") !=
          std::string::npos);
    CHECK(error_for("limits.memory.max = 1.5\n").find("expected text, an integer or a boolean, found a float") !=
          std::string::npos);
}

TEST_CASE("sysctls and bus names need no quotes", "[profile]") {
    const auto profile = read("[sysctl]\nnet.ipv4.ping_group_range = \"0 0\"\n[dbus.session]\norg.a.B = \"talk\"\n");
    REQUIRE(profile.ok());
    CHECK(profile.value().sysctl.at("net.ipv4.ping_group_range").value == "0 0");
    CHECK(profile.value().dbus.session.at("org.a.B").value.access == profile::BusAccess::talk);
}

TEST_CASE("a bus name takes a word, or a table of what may be called and heard", "[profile]") {
    const auto profile = read("[dbus.session]\norg.a.B = { access = \"see\", call = [\"org.a.I.M@/p\"] }\norg.a.C.call = [\"*\"]\n"
                              "\"org.a.*\" = \"own-private\"\n[dbus.session.org.a.D]\nbroadcast = [\"org.a.I.*@/p/*\"]\n");
    REQUIRE(profile.ok());
    const auto& rules = profile.value().dbus.session;
    CHECK(rules.at("org.a.B").value == profile::BusRule{profile::BusAccess::see, {"org.a.I.M@/p"}, {}});
    CHECK(rules.at("org.a.C").value == profile::BusRule{profile::BusAccess::none, {"*"}, {}});
    CHECK(rules.at("org.a.D").value == profile::BusRule{profile::BusAccess::none, {}, {"org.a.I.*@/p/*"}});
    CHECK(rules.at("org.a.*").value.access == profile::BusAccess::own_private);
    CHECK(error_for("[dbus.session]\norg.a.B = { acces = \"see\", call = [] }\n") == "t.toml:2:13: unknown key 'acces'; did you mean 'access'?");
    CHECK(error_for("[dbus.session]\norg.a.B = 1\n").find("expected \"none\"") != std::string::npos);
}

TEST_CASE("a name is owned privately on the session bus alone, whatever the host has", "[profile]") {
    for (const std::string bus : {"system", "a11y"}) {
        CAPTURE(bus);
        CHECK(error_for("[dbus." + bus + "]\norg.a.B = \"own-private\"\n") ==
              "t.toml:2:7: 'dbus." + bus + "': \"own-private\" has a meaning on the session bus only; write \"own\" or leave 'org.a.B' out");
        CHECK(profile::find_key("dbus." + bus + ".org.a.B")->order == "none see talk own");
    }
    CHECK(profile::find_key("dbus.session.org.a.B")->order == "none own-private see talk own");
}

TEST_CASE("a name or a rule that the proxy could take for something else is refused where it stands", "[profile][A22][A38]") {
    for (const char* name : {"--own=x.y", "-a.b", "*", "a", "a b.c", ".*", ":1.5", "a.b\\n", "org..x", "a.b=c", "org.1x", "a.b.", ".a.b", "a.*.b"}) {
        CAPTURE(name);
        const std::string error = error_for("[dbus.system]\n\"" + std::string(name) + "\" = \"see\"\n");
        CHECK(error.starts_with("t.toml:2:1: 'dbus.system': '"));
        CHECK(error.find("is no name on a bus") != std::string::npos);
    }
    for (const char* rule : {"--talk=x.y", "a", "a.b@", "a.b@x", "a.b@/x y", "a.b@/x//y", "a.b=c", "a.b.c\\n", "", "@/x", "*.a", "a.b@/x/*/y"}) {
        CAPTURE(rule);
        CHECK(error_for("[dbus.a11y]\n\"a.b\" = { broadcast = [\"" + std::string(rule) + "\"] }\n").find("is no rule for 'a.b'") != std::string::npos);
    }
}

TEST_CASE("a variable has a name that an environment can hold", "[profile]") {
    for (const char* name : {"A=B", "1A", "A B", "A-B", "A\\nB"})
        CHECK(error_for("env.set.\"" + std::string(name) + "\" = \"x\"\n").find("cannot be the name of") !=
              std::string::npos);
    CHECK(error_for("env.set.A.B = \"x\"\n").find("'A.B' cannot be the name of") != std::string::npos);
    CHECK(error_for("env.keep = [\"LC_*\", \"A=B\"]\n").find("expected a variable's name, or a glob") !=
          std::string::npos);
}

TEST_CASE("id maps and mounts are read whole", "[profile]") {
    const auto profile =
        read("ids.uid-map = [{ inside = 0, outside = 1000, count = 1 }]\n"
             "[[mount]]\ntype = \"bind\"\nsource = \"/a\"\ntarget = \"/b\"\noptions = [\"ro\", \"nosuid\"]\n");
    REQUIRE(profile.ok());
    CHECK(profile.value().ids.uid_map.value == std::vector<profile::IdRange>{{0, 1000, 1}});
    REQUIRE(profile.value().mount.size() == 1);
    CHECK(profile.value().mount[0].value.options == Words{"ro", "nosuid"});
    CHECK(profile.value().mount[0].origin().line == 2);
    CHECK(error_for("ids.uid-map = [{ inside = -1 }]\n").find("'inside': expected a number from 0") !=
          std::string::npos);
}
