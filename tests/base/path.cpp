#include "launcher/base/path.hpp"

#include <catch2/catch.hpp>

using namespace std::literals;

namespace {

std::string text_of(std::string_view path) {
    const auto result = base::normalised(path);
    return result.ok() ? result.value() : "error: " + base::to_text(result.error());
}

} // namespace

TEST_CASE("A path is normalised without guessing", "[base]") {
    CHECK(text_of("/") == "/");
    CHECK(text_of("//") == "/");
    CHECK(text_of("/a/b") == "/a/b");
    CHECK(text_of("//a///b//") == "/a/b");
    CHECK(text_of("/./a/./b/.") == "/a/b");
    CHECK(text_of("/a b/…") == "/a b/…");
    CHECK(text_of("/...") == "/...");
    CHECK(text_of("/..a/b..") == "/..a/b..");
}

TEST_CASE("A path that is relative, climbs or holds a NUL byte is refused", "[base]") {
    CHECK(text_of("") == "error: path '' is not absolute");
    CHECK(text_of("a/b") == "error: path 'a/b' is not absolute");
    CHECK(text_of("~/a") == "error: path '~/a' is not absolute");
    CHECK(text_of("/a/../b") == "error: path '/a/../b' holds '..'");
    CHECK(text_of("/..") == "error: path '/..' holds '..'");
    CHECK(text_of("/a\0b"sv) == "error: path '/a\\x00b' holds a NUL byte");
}

TEST_CASE("A path that the kernel would cut is refused", "[base]") {
    CHECK(text_of("/" + std::string(255, 'a')) == "/" + std::string(255, 'a'));
    CHECK_THAT(text_of("/" + std::string(256, 'a')), Catch::EndsWith("has a part of more than 255 bytes"));
    std::string deep;
    while (deep.size() < 4094) deep += "/a";
    CHECK(text_of(deep) == deep);
    CHECK_THAT(text_of(deep + "/a"), Catch::EndsWith("is longer than 4095 bytes"));
}

TEST_CASE("A path is below a folder only at a boundary of names", "[base]") {
    CHECK(base::is_below("/a/b", "/a"));
    CHECK(base::is_below("/a", "/a"));
    CHECK(base::is_below("/a", "/"));
    CHECK(base::is_below("/", "/"));
    CHECK_FALSE(base::is_below("/ab", "/a"));
    CHECK_FALSE(base::is_below("/a", "/a/b"));
    CHECK_FALSE(base::is_below("/", "/a"));
}

TEST_CASE("A path comes apart and together again", "[base]") {
    CHECK(base::parent_of("/a/b") == "/a");
    CHECK(base::parent_of("/a") == "/");
    CHECK(base::parent_of("/") == "/");
    CHECK(base::name_in("/a/b") == "b");
    CHECK(base::name_in("/") == "");
    CHECK(base::joined("/a", "b/c") == "/a/b/c");
    CHECK(base::joined("/", "b") == "/b");
}
