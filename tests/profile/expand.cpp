#include "launcher/profile/expand.hpp"

#include <catch2/catch.hpp>

using profile::FileAccess;
using profile::FileGrant;
using profile::Item;
using profile::Layer;

namespace {

const profile::Places places{{"HOME", "/home/a"}, {"DOWNLOADS", "/home/a/Down"}, {"EMPTY", ""}, {"ODD", "${HOME}"}};

Item<FileGrant> grant(FileAccess access, Layer layer, std::uint32_t line) {
    return {{.access = access}, {{layer, {"t.toml", line, 1}, "…"}}};
}

} // namespace

TEST_CASE("places become their paths, wherever they stand in a text", "[profile]") {
    CHECK(profile::expand("${HOME}/x", places).value() == "/home/a/x");
    CHECK(profile::expand("a:${HOME}:${DOWNLOADS}", places).value() == "a:/home/a:/home/a/Down");
    CHECK(profile::expand("", places).value().empty());
    CHECK(profile::expand("$HOME {HOME} $", places).value() == "$HOME {HOME} $");
}

TEST_CASE("what a place holds is not expanded again", "[profile]") {
    CHECK(profile::expand("${ODD}", places).value() == "${HOME}");
}

TEST_CASE("an unknown place is an error with the near match", "[profile]") {
    CHECK(to_text(profile::expand("${DOWNLODS}/x", places).error()) ==
          "unknown place 'DOWNLODS'; did you mean 'DOWNLOADS'?");
    CHECK(to_text(profile::expand("${}", places).error()) == "unknown place ''");
    CHECK(to_text(profile::expand("${HOME", places).error()) == "'${HOME' has no closing '}'; as \"${HOME}/notes\"");
    CHECK_FALSE(profile::expand("${HOME:-/x}", places).ok());
    CHECK_FALSE(profile::expand("${${HOME}}", places).ok());
}

TEST_CASE("grants are keyed by their real path", "[profile]") {
    const auto files = profile::expand_files({{"${DOWNLOADS}", grant(FileAccess::rw, Layer::system, 1)},
                                              {"/opt/x", grant(FileAccess::ro, Layer::system, 2)}},
                                             places);
    REQUIRE(files.ok());
    CHECK(files.value().at("/home/a/Down").value.access == FileAccess::rw);
    CHECK(files.value().at("/opt/x").origin().line == 2);
}

TEST_CASE("one path written in two ways: the stronger layer decides", "[profile]") {
    for (const bool swapped : {false, true}) {
        const std::string user = swapped ? "/home/a/Down" : "${DOWNLOADS}";
        const std::string system = swapped ? "${DOWNLOADS}" : "/home/a/Down";
        const auto files = profile::expand_files(
            {{user, grant(FileAccess::deny, Layer::user, 1)}, {system, grant(FileAccess::rw, Layer::system, 2)}},
            places);
        REQUIRE(files.ok());
        REQUIRE(files.value().size() == 1);
        CHECK(files.value().at("/home/a/Down").value.access == FileAccess::deny);
        CHECK(files.value().at("/home/a/Down").history.size() == 2);
        CHECK(files.value().at("/home/a/Down").origin().line == 1);
    }
}

TEST_CASE("one path with two values in one layer is an error that names both", "[profile]") {
    const auto files = profile::expand_files({{"/home/a/Down", grant(FileAccess::ro, Layer::user, 3)},
                                              {"${DOWNLOADS}", grant(FileAccess::rw, Layer::user, 4)}},
                                             places);
    REQUIRE_FALSE(files.ok());
    CHECK(to_text(files.error()) == "t.toml:3:1: '/home/a/Down' is '/home/a/Down', which has another value at "
                                    "t.toml:4:1; remove one of the two");
    CHECK(profile::expand_files({{"/home/a/Down", grant(FileAccess::ro, Layer::user, 3)},
                                 {"${DOWNLOADS}", grant(FileAccess::ro, Layer::user, 4)}},
                                places)
              .ok());
}

TEST_CASE("a place cannot lead a grant out of its path", "[profile]") {
    const profile::Places odd{{"A", "/a/.."}, {"B", "b"}};
    CHECK(to_text(profile::expand_files({{"${A}/x", grant(FileAccess::ro, Layer::user, 3)}}, odd).error()) ==
          "t.toml:3:1: path '/a/../x' holds '..'");
    CHECK_FALSE(profile::expand_files({{"${B}/x", grant(FileAccess::ro, Layer::user, 3)}}, odd).ok());
    CHECK(to_text(profile::expand_files({{"${HOMES}", grant(FileAccess::ro, Layer::user, 3)}}, places).error()) ==
          "t.toml:3:1: unknown place 'HOMES'; did you mean 'HOME'?");
}
