#include "launcher/profile/file.hpp"

#include "tests/profile/folder.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using profile::Layer;
using profile_tests::Folder;

namespace {

const profile::Standing* standing(const profile::Files& files, const std::string& end) {
    const auto& looked = files.looked();
    const auto found = std::find_if(looked.begin(), looked.end(), [&](const profile::Looked& each) { return each.path.ends_with(end); });
    return found == looked.end() ? nullptr : &found->standing;
}

} // namespace

TEST_CASE("a profile remembers every file and folder that it was read from, found or not", "[profile]") {
    Folder folder;
    folder.write("base.toml", "schema = 1\n");
    folder.write("class/c.toml", "schema = 1\n");
    folder.write("apps/x.toml", "schema = 1\n[app]\nextends = [\"class/c\"]\n");
    profile::Files files;
    REQUIRE(profile::load({{folder.as(Layer::system)}, "x", {}}, files));
    for (const char* there : {"/base.toml", "/class/c.toml", "/apps/x.toml"}) {
        INFO(there);
        REQUIRE(standing(files, there));
        CHECK(*standing(files, there) != profile::Standing{});
    }
    REQUIRE(standing(files, "/apps/x.d"));
    CHECK(*standing(files, "/apps/x.d") == profile::Standing{});
    for (const profile::Looked& each : files.looked()) CHECK(profile::standing_of(each.path) == each.standing);
}

TEST_CASE("a file that is written anew, and one that appears, stand otherwise", "[profile]") {
    Folder folder;
    folder.write("base.toml", "schema = 1\n");
    folder.write("apps/x.toml", "schema = 1\n");
    profile::Files files;
    REQUIRE(profile::load({{folder.as(Layer::system)}, "x", {}}, files));
    const auto changed = [&] {
        return std::any_of(files.looked().begin(), files.looked().end(),
                           [](const profile::Looked& each) { return profile::standing_of(each.path) != each.standing; });
    };
    CHECK_FALSE(changed());
    SECTION("written in place") { folder.write("apps/x.toml", "schema = 1\n[home]\nmode = \"shared\"\n"); }
    SECTION("appeared") { folder.write("apps/x.d/more.toml", "schema = 1\n"); }
    CHECK(changed());
}
