#include "launcher/profile/services.hpp"

#include "tests/profile/folder.hpp"

#include <catch2/catch.hpp>

using namespace profile_tests;

namespace {

const char* const audio = "[files]\n\"/always\" = \"ro\"\n"
                          "[options]\nplayback = true\nmicrophone = false\ndevice = \"any\"\n"
                          "[when.playback.files]\n\"/playback\" = \"ro\"\n"
                          "[when.microphone]\nfiles.\"/microphone\" = \"ro\"\n"
                          "[modes.shared.env.set]\nMODE = \"shared\"\n[modes.alone]\n";

struct Tree {
    Folder folder;
    Tree() { folder.profile("services/audio.toml", audio); }
    base::Result<profile::Profile> with(const std::string& wish) const {
        folder.profile("apps/a.toml", "[services]\n" + wish + "\n");
        return load(folder, "a");
    }
    std::string error_for(const std::string& wish) const { return error_of(with(wish), folder); }
};

Words paths(const profile::Profile& profile) {
    Words out;
    for (const auto& [path, grant] : profile.files) out.push_back(path);
    return out;
}

} // namespace

TEST_CASE("a service that is on brings what it says, with the options that are on by default", "[profile]") {
    const auto profile = Tree().with("audio = true").value();
    CHECK(paths(profile) == Words{"/always", "/playback"});
    CHECK_FALSE(profile.env.set.contains("MODE"));
}

TEST_CASE("a service that is off, or that nobody wishes, brings nothing", "[profile]") {
    CHECK(paths(Tree().with("audio = false").value()).empty());
    CHECK(paths(Tree().with("").value()).empty());
}

TEST_CASE("the options of a wish decide what is folded", "[profile]") {
    CHECK(paths(Tree().with("audio = { microphone = true }").value()) == Words{"/always", "/microphone", "/playback"});
    CHECK(paths(Tree().with("audio = { playback = false }").value()) == Words{"/always"});
    CHECK(paths(Tree().with("audio = { enabled = false, microphone = true }").value()).empty());
}

TEST_CASE("the mode of a wish decides what is folded", "[profile]") {
    CHECK(Tree().with("audio = \"shared\"").value().env.set.at("MODE").value == "shared");
    CHECK(Tree().with("audio = { mode = \"shared\" }").value().env.set.contains("MODE"));
    CHECK(Tree().with("audio = \"alone\"").value().services.at("audio").value.mode == "alone");
}

TEST_CASE("the wish is completed by the defaults of its options", "[profile]") {
    const auto wish = Tree().with("audio = { microphone = true }").value().services.at("audio").value;
    CHECK(wish.options == std::vector<std::pair<std::string, std::string>>{
                              {"device", "any"}, {"microphone", "true"}, {"playback", "true"}});
}

TEST_CASE("unknown services, modes and options are errors at the wish, with the near match", "[profile]") {
    const Tree tree;
    CHECK(tree.error_for("audoi = true") == "apps/a.toml:3:1: unknown service 'audoi'; did you mean 'audio'?");
    CHECK(tree.error_for("audoi = false") == "apps/a.toml:3:1: unknown service 'audoi'; did you mean 'audio'?");
    CHECK(tree.error_for("\"../base\" = true").find("apps/a.toml:3:1: unknown service '../base'") == 0);
    CHECK(tree.error_for("audio = \"shard\"") ==
          "apps/a.toml:3:1: unknown mode 'shard' of the service 'audio'; did you mean 'shared'?");
    CHECK(tree.error_for("audio = { micro-phone = true }") ==
          "apps/a.toml:3:1: unknown option 'micro-phone' of the service 'audio'; did you mean 'microphone'?");
    CHECK(tree.error_for("audio = { microphone = \"yes\" }") ==
          "apps/a.toml:3:1: 'microphone' of the service 'audio': expected true or false, found 'yes'");
}

TEST_CASE("a service is stronger than the base and weaker than the app", "[profile]") {
    const Tree tree;
    tree.folder.profile("base.toml", "network.mode = \"none\"\nhostname.name = \"base\"\n");
    tree.folder.profile("services/net.toml",
                        "network.mode = \"host\"\nhostname.name = \"net\"\nroot.etc = [\"tls\", \"resolver\"]\n");
    tree.folder.profile("apps/a.toml", "hostname.name = \"app\"\nroot.etc = [\"!tls\"]\nservices.net = true\n");
    const auto profile = load(tree.folder, "a").value();
    CHECK(profile.network.mode.value == profile::NetworkWish::host);
    CHECK(profile.hostname.name.value == "app");
    CHECK(profile.hostname.name.history.size() == 3);
    CHECK(words(profile.root.etc) == Words{"resolver"});
}

TEST_CASE("a class wishes services and the app tunes or refuses them", "[profile]") {
    const Tree tree;
    tree.folder.profile("class/c.toml", "services.audio = { microphone = true }\n");
    tree.folder.profile("apps/a.toml", "app.extends = [\"class/c\"]\nservices.audio = { playback = false }\n");
    CHECK(paths(load(tree.folder, "a").value()) == Words{"/always", "/microphone"});
    tree.folder.profile("apps/a.toml", "app.extends = [\"class/c\"]\nservices.audio = false\n");
    CHECK(paths(load(tree.folder, "a").value()).empty());
}

TEST_CASE("a required service must be one that there is", "[profile]") {
    const Tree tree;
    tree.folder.profile("apps/a.toml", "require.services = [\"audoi\"]\n");
    CHECK(error_of(load(tree.folder, "a"), tree.folder) ==
          "apps/a.toml:2:21: unknown service 'audoi'; did you mean 'audio'?");
    tree.folder.profile("apps/a.toml", "require.services = [\"audio\"]\n");
    CHECK(load(tree.folder, "a").ok());
}

TEST_CASE("a service says nothing about the app, and declares the options it uses", "[profile]") {
    const Folder folder;
    const auto error_for = [&](const std::string& text) {
        folder.profile("services/s.toml", text);
        folder.profile("apps/a.toml", "services.s = true\n");
        return error_of(load(folder, "a"), folder);
    };
    CHECK(error_for("[app]\n") == "services/s.toml:2:2: a service cannot say 'app'");
    CHECK(error_for("services.x = true\n") == "services/s.toml:2:1: a service cannot say 'services'");
    CHECK(error_for("when.x.app.id = \"a\"\noptions.x = true\n").find("a service cannot say 'app'") !=
          std::string::npos);
    CHECK(error_for("when.x.home.mode = \"app\"\n") ==
          "services/s.toml:2:1: [when.x] needs 'x = true' or 'false' below [options]");
    CHECK(error_for("when.x.hoem.mode = \"app\"\noptions.x = true\n").find("unknown key 'hoem'") != std::string::npos);
    CHECK(error_for("optoins.x = true\n").find("did you mean 'options'?") != std::string::npos);
    CHECK(error_for("options.x = 1.5\n").find("'x': expected text, an integer or a boolean") != std::string::npos);
}
