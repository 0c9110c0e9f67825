#include "launcher/base/text.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace std::literals;

TEST_CASE("Text that can drive a terminal is shown escaped", "[base]") {
    CHECK(base::escaped("plain text, also ünïcode → 漢") == "plain text, also ünïcode → 漢");
    CHECK(base::escaped("\x1b[31mred") == "\\x1b[31mred");
    CHECK(base::escaped("a\nb\rc\td"sv) == "a\\x0ab\\x0dc\\x09d");
    CHECK(base::escaped("nul\0here"sv) == "nul\\x00here");
    CHECK(base::escaped("del\x7f") == "del\\x7f");
    // C1 controls, as one code point (U+009B is a CSI) and as a bare byte
    CHECK(base::escaped("\xc2\x9b"
                        "31m") == "\\u{9b}31m");
    CHECK(base::escaped("\x9b"
                        "31m") == "\\x9b31m");
}

TEST_CASE("Marks that turn the direction of text are shown escaped", "[base]") {
    CHECK(base::escaped("a\u202eb") == "a\\u{202e}b");
    CHECK(base::escaped("a\u2066b") == "a\\u{2066}b");
    CHECK(base::escaped("a\u200fb") == "a\\u{200f}b");
    CHECK(base::escaped("a\u061cb") == "a\\u{61c}b");
    CHECK(base::escaped("\ufeffa") == "\\u{feff}a");
}

TEST_CASE("A word of a shell is quoted where it needs it", "[base]") {
    CHECK(base::shell_word("/home/anna/a-b_c.txt:rw") == "/home/anna/a-b_c.txt:rw");
    CHECK(base::shell_word("") == "''");
    CHECK(base::shell_word("a b") == "'a b'");
    CHECK(base::shell_word("a'b") == "'a'\\''b'");
    CHECK(base::shell_word("$(x)") == "'$(x)'");
    CHECK(base::shell_word("~") == "'~'");
}

TEST_CASE("Invalid UTF-8 is shown byte by byte", "[base]") {
    CHECK(base::escaped("\xff\xfe") == "\\xff\\xfe");
    CHECK(base::escaped("cut \xe2\x82") == "cut \\xe2\\x82");
    CHECK(base::escaped("overlong \xc0\xaf") == "overlong \\xc0\\xaf");
    CHECK(base::escaped("surrogate \xed\xa0\x80") == "surrogate \\xed\\xa0\\x80");
}

TEST_CASE("UTF-8 is valid only in its shortest form and within Unicode", "[base]") {
    CHECK(base::is_utf8(""));
    CHECK(base::is_utf8("a\0b"sv));
    CHECK(base::is_utf8("\xf4\x8f\xbf\xbf"));
    CHECK_FALSE(base::is_utf8("\xf4\x90\x80\x80"));
    CHECK_FALSE(base::is_utf8("\xed\xbf\xbf"));
    CHECK_FALSE(base::is_utf8("\xc1\xbf"));
    CHECK_FALSE(base::is_utf8("\xe0\x9f\xbf"));
    CHECK_FALSE(base::is_utf8("\xf0\x8f\xbf\xbf"));
    CHECK_FALSE(base::is_utf8("\x80"));
    CHECK_FALSE(base::is_utf8("\xe2\x82"));
}

TEST_CASE("A whole number is read up to its bound", "[base]") {
    CHECK(base::whole_number("0") == 0U);
    CHECK(base::whole_number("1") == 1U);
    CHECK(base::whole_number("2147483648") == 2147483648U);
    CHECK(base::whole_number("4294967295") == 4294967295U);
    CHECK(base::whole_number("4294967296") == 4294967296U);
    CHECK(base::whole_number("18446744073709551615") == UINT64_MAX);
    CHECK(base::whole_number("4294967295", UINT32_MAX) == 4294967295U);
    CHECK(base::whole_number("7", 7) == 7U);
}

TEST_CASE("What is not wholly a number is none", "[base]") {
    for (const std::string_view text : {"", "-1", "+1", " 1", "1 ", "1x", "x1", "01", "00", "0x10", "1.0", "1e3", "1,0",
                                        "18446744073709551616", "99999999999999999999", "100000000000000000000", "١"}) {
        CAPTURE(text);
        CHECK_FALSE(base::whole_number(text).has_value());
    }
    CHECK_FALSE(base::whole_number("1\0"sv).has_value());
    CHECK_FALSE(base::whole_number("1\n").has_value());
    CHECK_FALSE(base::whole_number("4294967296", UINT32_MAX).has_value());
    CHECK_FALSE(base::whole_number("8", 7).has_value());
}

TEST_CASE("The nearest candidate is found for a slip of the keys", "[base]") {
    constexpr std::array<std::string_view, 5> services{"wayland", "x11", "audio", "gpu", "portals"};
    CHECK(base::nearest("waylend", services) == "wayland");
    CHECK(base::nearest("awyland", services) == "wayland");
    CHECK(base::nearest("waylan", services) == "wayland");
    CHECK(base::nearest("audoi", services) == "audio");
    CHECK(base::nearest("x12", services) == "x11");
    CHECK_FALSE(base::nearest("pulseaudio", services).has_value());
    CHECK_FALSE(base::nearest("zzz", services).has_value());
    CHECK_FALSE(base::nearest("", services).has_value());
    CHECK_FALSE(base::nearest(std::string(1000, 'w'), services).has_value());
    CHECK(base::did_you_mean("waylend", services) == "did you mean 'wayland'?");
    CHECK(base::did_you_mean("nothing-like-it", services).empty());
}

TEST_CASE("A split text gives every part, also the empty ones", "[base]") {
    CHECK(base::split("a:b", ':') == std::vector<std::string_view>{"a", "b"});
    CHECK(base::split("", ':') == std::vector<std::string_view>{""});
    CHECK(base::split(":a:", ':') == std::vector<std::string_view>{"", "a", ""});
}
