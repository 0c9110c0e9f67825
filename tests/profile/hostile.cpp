// What a file may hold that is no profile: each is one clear error, none a hang or a crash.

#include "tests/profile/folder.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

using namespace profile_tests;
using namespace std::string_literals;

namespace {

std::string error_for(const std::string& bytes) {
    const Folder folder;
    folder.write("apps/t.toml", bytes);
    return error_of(load(folder, "t"), folder);
}

std::string repeated(const std::string& text, std::size_t count) {
    std::string out;
    for (std::size_t n = 0; n < count; ++n) out += text;
    return out;
}

} // namespace

TEST_CASE("an empty file is told to say its schema", "[profile]") {
    CHECK(error_for("") == "apps/t.toml:1:1: 'schema = 1' is missing; add it as the first line");
}

TEST_CASE("another schema is refused", "[profile]") {
    CHECK(error_for("schema = 2\n") == "apps/t.toml:1:10: 'schema': expected 1, found 2");
    CHECK(error_for("schema = \"1\"\n") == "apps/t.toml:1:10: 'schema': expected an integer, found text");
}

TEST_CASE("bytes that are not UTF-8 are refused at their line", "[profile]") {
    CHECK(error_for("schema = 1\n# \xff\n") == "apps/t.toml:2:1: the file is not UTF-8; save it as UTF-8: iconv -f latin1 -t utf8");
    CHECK(error_for("schema = 1\n# \xed\xa0\x80\n") == "apps/t.toml:2:1: the file is not UTF-8; save it as UTF-8: iconv -f latin1 -t utf8");
}

TEST_CASE("NUL bytes are refused, written plainly or as an escape", "[profile]") {
    CHECK(error_for("schema = 1\n[app]\0\n"s) == "apps/t.toml:2:6: the file holds a NUL byte; it is no text: name a profile, or write it anew");
    CHECK(error_for("schema = 1\n[app]\nid = \"a\\u0000b\"\n") == "apps/t.toml:3:6: the text holds a NUL byte");
    CHECK(error_for("schema = 1\n\"a\\u0000\" = 1\n") == "apps/t.toml:2:1: the text holds a NUL byte");
}

TEST_CASE("a key twice is refused where it stands the second time", "[profile]") {
    CHECK(error_for("schema = 1\n[home]\nmode = \"app\"\nmode = \"app\"\n").find("apps/t.toml:4:") == 0);
    CHECK(error_for("schema = 1\n[home]\n[home]\n").find("cannot redefine existing table 'home'") != std::string::npos);
}

TEST_CASE("a megabyte of nesting is refused before anything recurses", "[profile]") {
    const std::string deep = "nested more than 32 deep";
    CHECK(error_for("schema = 1\na = " + repeated("[", 1000000)) == "apps/t.toml:2:37: " + deep);
    CHECK(error_for("schema = 1\na = " + repeated("{a=", 300000)).find(deep) != std::string::npos);
    CHECK(error_for("schema = 1\n" + repeated("a.", 500000) + "a = 1\n").find(deep) != std::string::npos);
    CHECK(error_for("schema = 1\n[" + repeated("a.", 500000) + "a]\n").find(deep) != std::string::npos);
    CHECK(error_for("schema = 1\n[" + repeated("\"a\" . ", 100000) + "a]\n").find(deep) != std::string::npos);
}

TEST_CASE("nesting cannot hide behind strings and comments", "[profile]") {
    const std::string dots = "{" + repeated("a.", 300000) + "a = 1}";
    const std::string deep = "nested more than 32 deep";
    for (const char* before :
         {"'it''s'", "\"\\\"\"", "\"\"\"a\"\"\"\"", "\"\"\"\"\"\"", "'''a'''''", "\"\"\"\n# \"\"\"", "'\\'"}) {
        CAPTURE(before);
        const std::string error = error_for("schema = 1\nx-a = [" + std::string(before) + ", " + dots + "]\n");
        CHECK((error.find(deep) != std::string::npos || error.find("invalid TOML") != std::string::npos));
    }
}

TEST_CASE("dots, brackets and quotes inside texts and comments are no nesting", "[profile]") {
    const Folder folder;
    folder.profile("apps/t.toml", "# " + repeated("[.", 99) + "\nx-a = \"" + repeated("[.'", 99) + "\"\nx-b = '''\n" +
                                      repeated("{.\n", 99) + "'''\n");
    CHECK(error_of(load(folder, "t"), folder) == "(no error)");
}

TEST_CASE("numbers are whole and in range", "[profile]") {
    const auto uid = [](const std::string& value) { return error_for("schema = 1\n[ids]\nuid = " + value + "\n"); };
    CHECK(uid("99999999999999999999").find("is not representable in 64 bits") != std::string::npos);
    CHECK(uid("-1") == "apps/t.toml:3:7: 'uid': expected a number from 0 to 4294967294, found -1");
    CHECK(uid("4294967295") == "apps/t.toml:3:7: 'uid': expected a number from 0 to 4294967294, found 4294967295");
    CHECK(uid("9223372036854775807").find("expected a number from 0") != std::string::npos);
    CHECK(uid("1.0") == "apps/t.toml:3:7: 'uid': expected an integer, found a float");
    CHECK(uid("nan") == "apps/t.toml:3:7: 'uid': expected an integer, found a float");
    CHECK(uid("\"1\"") == "apps/t.toml:3:7: 'uid': expected an integer, found text");
    CHECK(uid("0x").find("invalid TOML") != std::string::npos);
}

TEST_CASE("dates and times are values of no key", "[profile]") {
    CHECK(error_for("schema = 1\n[home]\nmode = 2026-01-01\n") ==
          "apps/t.toml:3:8: 'mode': expected text, found a date or time");
    CHECK(error_for("schema = 1\n[home]\nmode = 07:32:00\n").find("found a date or time") != std::string::npos);
}

TEST_CASE("a byte order mark and Windows line ends change nothing", "[profile]") {
    const Folder folder;
    folder.write("apps/t.toml", "\xef\xbb\xbfschema = 1\r\n[home]\r\nmode = \"app\"\r\n");
    const auto profile = load(folder, "t");
    REQUIRE(profile.ok());
    CHECK(profile.value().home.mode.value == profile::HomeMode::app);
    CHECK(profile.value().home.mode.origin().line == 3);
}

TEST_CASE("text that is no TOML is refused with its position", "[profile]") {
    CHECK(error_for("schema = 1\n%%%").find("apps/t.toml:2:1: invalid TOML: ") == 0);
    CHECK(error_for("schema = 1\n[app\n").find("apps/t.toml:") == 0);
    CHECK(error_for("schema = 1\na = \"b\n").find("apps/t.toml:2:7: invalid TOML: ") == 0);
    CHECK(error_for("schema = 1\ra = 1").find("apps/t.toml:1:12: invalid TOML: ") == 0);
}

TEST_CASE("terminal escapes in a profile are shown escaped", "[profile]") {
    CHECK(error_for("schema = 1\n\"\\u001b[31m\" = 1\n") == "apps/t.toml:2:1: unknown key '\\x1b[31m'");
}

TEST_CASE("a file of more than a mebibyte is not read", "[profile]") {
    const Folder folder;
    folder.write("apps/t.toml", "schema = 1\n");
    std::filesystem::resize_file(folder.path("apps/t.toml"), 100U << 20);
    CHECK(error_of(load(folder, "t"), folder) ==
          "cannot read the profile 'apps/t.toml': read: File too large; a profile has at most 1 MiB");
}

TEST_CASE("a file of just a mebibyte is read", "[profile]") {
    const Folder folder;
    const std::string text = "schema = 1\n#";
    folder.write("apps/t.toml", text + std::string((1U << 20) - text.size(), 'x'));
    CHECK(error_of(load(folder, "t"), folder) == "(no error)");
    folder.write("apps/t.toml", text + std::string((1U << 20) - text.size() + 1, 'x'));
    CHECK(error_of(load(folder, "t"), folder).find("at most 1 MiB") != std::string::npos);
}

TEST_CASE("a folder, a pipe and a device are no profiles, and are not waited for", "[profile]") {
    const Folder folder;
    const std::string advice = " is not a file; a profile is a regular file";
    std::filesystem::create_directories(folder.path("apps/t.toml"));
    CHECK(error_of(load(folder, "t"), folder) == "the profile 'apps/t.toml'" + advice);
    std::filesystem::remove(folder.path("apps/t.toml"));
    REQUIRE(mkfifo(folder.path("apps/t.toml").c_str(), 0600) == 0);
    CHECK(error_of(load(folder, "t"), folder) == "the profile 'apps/t.toml'" + advice);
    CHECK(error_of(load(folder, "/dev/zero"), folder) == "the profile '/dev/zero'" + advice);
}

TEST_CASE("a file that cannot be opened is an error, not an absent one", "[profile]") {
    const Folder folder;
    std::filesystem::create_directories(folder.path("apps"));
    std::filesystem::create_symlink("t.toml", folder.path("apps/t.toml"));
    CHECK(error_of(load(folder, "t"), folder).find("cannot read the profile 'apps/t.toml': open: ") == 0);
}

TEST_CASE("a list too long to be meant is refused", "[profile]") {
    CHECK(error_for("schema = 1\n[app]\nnames = [" + repeated("\"a\",", 5000) + "]\n") ==
          "apps/t.toml:3:9: 'names' has more than 4096 items; name folders instead of the files in them");
}

TEST_CASE("a file that is not there is named", "[profile]") {
    const Folder folder;
    CHECK(error_of(load(folder, "/nowhere/t.toml"), folder) == "there is no profile '/nowhere/t.toml'; sandbox profile list names those that there are");
    CHECK(load(folder, "/nowhere/t.toml").error().failure == base::Failure::not_found);
}

TEST_CASE("letters of other scripts stand in texts and comments, nowhere else", "[profile]") {
    const Folder folder;
    folder.write("apps/t.toml", "schema = 1 # ü\n[hostname] # 漢\nname = \"ü漢🂡\"\n\"x-ü\" = 'ü'\n"
                                "x-b = \"\"\"a \\\n ü\"\"\"\n");
    CHECK(load(folder, "t").value().hostname.name.value == "ü漢🂡");
    for (const char* text :
         {"x-a = ü", "ü = 1", "x-a = 1ü", "x-a = 1\"ü\"", "x-a =\u00a0 1", "\ufeff", "[ü]", "x-ü = 1", "x-a = [ü]",
          "x-a = \"\"\"\\ü\"\"\"", "x-a = trueü", "x-a = 1_ü", "x-a = 1979-ü"}) {
        CAPTURE(text);
        CHECK(error_for("schema = 1\n" + std::string(text) + "\n").find("apps/t.toml:2:") == 0);
    }
}

TEST_CASE("a table has a name", "[profile]") {
    for (const char* text : {"[", "[#", "[ # a]", "[[#", "[\n]", "[]", "[[]]", "[=]", "[.a]", "[,", "[{a", " [#"}) {
        CAPTURE(text);
        CHECK(error_for("schema = 1\n" + std::string(text) + "\n").find(": invalid TOML: ") != std::string::npos);
    }
    CHECK(error_for("schema = 1\n[#\n") == "apps/t.toml:2:1: invalid TOML: a table needs a name");
    CHECK(error_for("schema = 1\n [ \"home\" ]\n[[ mount ]]\nx-a = [\n[ # b\n],\n[]]\n") == "(no error)");
}

TEST_CASE("brackets stand in pairs", "[profile]") {
    for (const char* text :
         {"x-a = [ }", "x-a = [1, }", "x-a = { a = 1 ]", "x-a = ]", "]", "}", "x-a = [[1}]", "[a}", "x-a = 1}"}) {
        CAPTURE(text);
        CHECK(error_for("schema = 1\n" + std::string(text) + "\n").find("closes nothing") != std::string::npos);
    }
    for (const char* text : {"x-a = [", "x-a = {", "x-a = [[1]", "x-a = [{]}"}) {
        CAPTURE(text);
        CHECK(error_for("schema = 1\n" + std::string(text) + "\n").find("invalid TOML") != std::string::npos);
    }
    CHECK(error_for("schema = 1\nx-a = [\u2028 1]\n").find("only ASCII") != std::string::npos);
}
