#include "launcher/profile/override.hpp"

#include "launcher/profile/document.hpp"
#include "tests/profile/folder.hpp"

#include <catch2/catch.hpp>

using namespace profile_tests;

namespace {

base::Result<profile::Profile> read(const std::string& key, const std::string& value) {
    return profile::read_override({key, value, {"--set " + key}});
}

std::string error_for(const std::string& key, const std::string& value) {
    const auto profile = read(key, value);
    return profile.ok() ? "(no error)" : to_text(profile.error());
}

} // namespace

TEST_CASE("--set takes any key and a TOML value", "[profile]") {
    CHECK(read("home.mode", "\"app\"").value().home.mode.value == profile::HomeMode::app);
    CHECK(read("process.userns", "true").value().process.userns.value);
    CHECK(read("process.seccomp.allow", "[\"@debug\"]").value().process.seccomp.allow.size() == 1);
    CHECK(read("limits.memory.max", "4096").value().limits.at("memory.max").value == "4096");
    CHECK(read("files.\"/opt/x\"", "{ access = \"ro\" }").value().files.contains("/opt/x"));
    CHECK(read("files.'/opt/x'", "ro").value().files.contains("/opt/x"));
    CHECK(read("env.set.\"A\"", "ü").value().env.set.at("A").value == "ü");
    CHECK(read("files.\"/ünï\"", "ro").value().files.contains("/ünï"));
    CHECK(read("services.audio.microphone", "true").value().services.at("audio").value.options.size() == 1);
}

TEST_CASE("a value that is no TOML, or does not fit as such, is text", "[profile]") {
    CHECK(read("home.mode", "app").value().home.mode.value == profile::HomeMode::app);
    CHECK(read("env.set.DEBUG", "1").value().env.set.at("DEBUG").value == "1");
    CHECK(read("env.set.DEBUG", "true").value().env.set.at("DEBUG").value == "true");
    CHECK(read("env.set.A", "").value().env.set.at("A").value.empty());
    CHECK(read("env.set.A", "a # b").value().env.set.at("A").value == "a # b");
    CHECK(read("hostname.name", "\"quoted\"").value().hostname.name.value == "quoted");
}

TEST_CASE("every value of --set has the argument as its origin, and the strongest layer", "[profile]") {
    const auto profile = read("root.etc", "[\"fonts\"]");
    REQUIRE(profile.ok());
    CHECK(profile.value().root.etc[0].history ==
          std::vector<profile::Setting>{{profile::Layer::command_line, {"--set root.etc", 0, 0}, "\"fonts\""}});
}

TEST_CASE("errors of --set name the argument", "[profile]") {
    CHECK(error_for("hoem.mode", "app") == "--set hoem.mode: unknown key 'hoem'; did you mean 'home'?");
    CHECK(error_for("process.userns", "yes") == "--set process.userns: 'userns': expected true or false, found text");
    CHECK(error_for("ids.uid", "1x") == "--set ids.uid: 'uid': expected an integer, found text");
    CHECK(error_for("home", "app") == "--set home: 'home': expected a table, found text");
    CHECK(error_for("", "1") == "--set : '' is not a key of a profile; write it as in a profile, with dots between its "
                                "parts: home.mode");
}

TEST_CASE("neither the key nor the value can smuggle in a second key", "[profile]") {
    for (const char* key :
         {"home.mode = 0\nprocess.userns", "home.mode\n", "[home]\nmode", "a = 1, b", "a = {b=0} #", "a = 0 #", "a=0#",
          "[[mount]]", "home.", ".home", "home..mode", "home mode", "a = \"\" #"}) {
        CAPTURE(key);
        CHECK(error_for(key, "true").find("is not a key of a profile") != std::string::npos);
    }
    const auto env = read("env.set.A", "\"x\"\n[process]\nuserns = true");
    REQUIRE(env.ok());
    CHECK(env.value().env.set.at("A").value == "\"x\"\n[process]\nuserns = true");
    CHECK_FALSE(env.value().process.userns.set());
    CHECK_FALSE(read("home.mode", "\"app\"\nx = 1").ok());
    CHECK_FALSE(read("env.set.A", std::string("a\0b", 3)).ok());
}

TEST_CASE("a value of a megabyte of brackets is text, and no overflow", "[profile]") {
    const std::string deep(1000000, '[');
    CHECK(read("env.set.A", deep).value().env.set.at("A").value == deep);
    std::string key = "a";
    for (int n = 0; n < 100000; ++n) key += ".a";
    CHECK_FALSE(read(key, "1").ok());
}

TEST_CASE("overrides are the strongest layer, the later one the stronger", "[profile]") {
    const Folder folder;
    folder.profile("apps/a.toml", "home.mode = \"shared\"\nroot.etc = [\"fonts\", \"tls\"]\n");
    const auto loaded = load(folder, "a",
                             {{"home.mode", "app", {"--home app"}},
                              {"home.mode", "overlay", {"--set home.mode=overlay"}},
                              {"root.etc", "[\"!tls\"]", {"--set root.etc=…"}}});
    REQUIRE(loaded.ok());
    CHECK(loaded.value().home.mode.value == profile::HomeMode::overlay);
    CHECK(loaded.value().home.mode.history.size() == 3);
    CHECK(words(loaded.value().root.etc) == Words{"fonts"});
}

TEST_CASE("any text becomes a TOML string that reads as itself", "[profile]") {
    for (const std::string text :
         {"plain", "with \"quotes\" and \\", "a\nb\tc", "\x1b[31m\x7f", "${HOME}", "ünïcode", ""}) {
        CAPTURE(text);
        const auto profile = read("env.set.A", profile::to_toml(text));
        REQUIRE(profile.ok());
        CHECK(profile.value().env.set.at("A").value == text);
    }
}
