#include "launcher/profile/find.hpp"

#include "tests/profile/folder.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace profile_tests;
using profile::Layer;

namespace {

const char* const firefox = "[app]\nnames = [\"fox\", \"foxy\"]\nexec = [\"/usr/bin/fire-fox\"]\n";

std::string found(const std::vector<profile::SearchFolder>& folders, const std::string& name) {
    profile::Files files;
    const auto id = profile::find_app(files, folders, name);
    return id.ok() ? id.value() : to_text(id.error());
}

} // namespace

TEST_CASE("an app is found by its id, a name, or the base name of its command", "[profile]") {
    const Folder folder;
    folder.profile("apps/org.m.firefox.toml", firefox);
    const std::vector folders{folder.as(Layer::system)};
    CHECK(found(folders, "org.m.firefox") == "org.m.firefox");
    CHECK(found(folders, "fox") == "org.m.firefox");
    CHECK(found(folders, "foxy") == "org.m.firefox");
    CHECK(found(folders, "fire-fox") == "org.m.firefox");
}

TEST_CASE("a name that is not found has the near match and the folders that were searched", "[profile]") {
    const Folder folder;
    folder.profile("apps/org.m.firefox.toml", firefox);
    profile::Files files;
    const auto id = profile::find_app(files, {folder.as(Layer::system)}, "foxx");
    REQUIRE_FALSE(id.ok());
    CHECK(to_text(id.error()) ==
          "no profile for 'foxx' in '" + folder.as(Layer::system).path.text + "'; did you mean 'fox'?");
    CHECK(id.error().failure == base::Failure::not_found);
    CHECK(found({folder.as(Layer::system)}, "fox.toml").ends_with("; a file is named with a '/', as ./fox.toml"));
    CHECK(found({}, "zzzzzz") == "no profile for 'zzzzzz' in any folder; 'sandbox profile list' shows those there are, 'sandbox profile new --write zzzzzz' makes one");
}

TEST_CASE("a file that cannot be a profile is told as what it is, and not proposed", "[profile]") {
    const Folder folder;
    folder.profile("apps/two words.toml", firefox);
    std::filesystem::create_symlink("nowhere", folder.as(Layer::system).path.text + "/apps/dangling.toml");
    const std::vector folders{folder.as(Layer::system)};
    const std::string apps = folder.as(Layer::system).path.text + "/apps/";
    CHECK(found(folders, "two words") == "'" + apps + "two words.toml' is no profile; its name is no id: use letters, digits and '_+.-', 64 at most, a letter or digit first");
    CHECK(found(folders, "dangling") == "the profile '" + apps + "dangling.toml' is a link to nothing; make what it names, or remove it");
}

TEST_CASE("a name cannot lead out of the folder", "[profile]") {
    const Folder folder;
    folder.profile("secret.toml", "[app]\n");
    for (const char* name : {"..", "../secret", ".", "", "-x", "a\nb"})
        CHECK(found({folder.as(Layer::system)}, name).find("no profile for") == 0);
}

TEST_CASE("an id is stronger than a name, a name than a command, and a user's name than the system's", "[profile]") {
    const Folder system, user;
    system.profile("apps/a.toml", "[app]\nnames = [\"x\", \"b\"]\nexec = [\"/usr/bin/c\"]\n");
    system.profile("apps/b.toml", "[app]\nnames = [\"c\"]\n");
    user.profile("apps/mine.toml", "[app]\nnames = [\"x\"]\n");
    const std::vector folders{system.as(Layer::system), user.as(Layer::user)};
    CHECK(found(folders, "b") == "b");
    CHECK(found(folders, "c") == "b");
    CHECK(found(folders, "x") == "mine");
}

TEST_CASE("two apps of one layer that claim a name are an error that names both", "[profile]") {
    const Folder folder;
    folder.profile("apps/a.toml", "[app]\nnames = [\"x\"]\n");
    folder.profile("apps/b.toml", "[app]\nnames = [\"x\"]\n");
    profile::Files files;
    const auto id = profile::find_app(files, {folder.as(Layer::system)}, "x");
    CHECK(error_of(id, folder) ==
          "apps/b.toml:3:10: 'a' and 'b' both claim the name 'x' (also at apps/a.toml:3:10); say "
          "the id instead of the name, or remove one");
    CHECK(found({folder.as(Layer::system)}, "a") == "a");
}

TEST_CASE("files that do not hold the name are not parsed", "[profile]") {
    const Folder folder;
    folder.profile("apps/firefox.toml", "[app]\nnames = [\"fox\"]\n");
    folder.write("apps/broken.toml", "%%%");
    CHECK(found({folder.as(Layer::system)}, "fox") == "firefox");
    CHECK(found({folder.as(Layer::system)}, "firefox") == "firefox");
}

TEST_CASE("a file that may claim the name and cannot be read is an error", "[profile]") {
    const Folder folder;
    folder.write("apps/broken.toml", "# fox\n%%%");
    profile::Files files;
    const auto id = profile::find_app(files, {folder.as(Layer::system)}, "fox");
    CHECK(error_of(id, folder).find("apps/broken.toml:2:1: invalid TOML") == 0);
}

TEST_CASE("a name that is spelt with an escape is found too", "[profile]") {
    const Folder folder;
    folder.profile("apps/a.toml", "[app]\nnames = [\"\\u0066ox\"]\n");
    CHECK(found({folder.as(Layer::system)}, "fox") == "a");
}

TEST_CASE("the current directory is never searched", "[profile]") {
    const Folder folder, here;
    here.profile("fox.toml", "[app]\n");
    here.profile("apps/fox.toml", "[app]\n");
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(here.path(""));
    const std::string answer = found({folder.as(Layer::system)}, "fox");
    std::filesystem::current_path(before);
    CHECK(answer.find("no profile for 'fox'") == 0);
}

TEST_CASE("the list has each id once, with the file of the strongest layer", "[profile]") {
    const Folder system, user;
    system.profile("apps/b.toml", "");
    system.profile("apps/a.toml", "");
    system.write("apps/.hidden.toml", "");
    system.write("apps/a.toml~", "");
    system.profile("apps/a.d/x.toml", "");
    user.profile("apps/b.toml", "");
    const auto rows = profile::list({system.as(Layer::system), user.as(Layer::user)});
    REQUIRE(rows.ok());
    REQUIRE(rows.value().size() == 2);
    CHECK(rows.value()[0].id == "a");
    CHECK(rows.value()[0].file == system.path("apps/a.toml"));
    CHECK(rows.value()[1].file == user.path("apps/b.toml"));
    CHECK(rows.value()[1].layer == Layer::user);
}

TEST_CASE("a folder that is not there is empty", "[profile]") {
    const auto rows = profile::list({{{"/nowhere/at/all"}, Layer::system}});
    REQUIRE(rows.ok());
    CHECK(rows.value().empty());
}
