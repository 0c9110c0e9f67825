#include "launcher/base/error.hpp"

#include "launcher/base/result.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <memory>

using base::Error;

TEST_CASE("An error is one line: who asked, what failed, why, what to do", "[base]") {
    CHECK(base::to_text(Error{.what = "unknown service 'waylend'",
                              .advice = "did you mean 'wayland'?",
                              .origin = {"firefox.toml", 12, 1}}) ==
          "firefox.toml:12:1: unknown service 'waylend'; did you mean 'wayland'?");
    CHECK(base::to_text(Error{.what = "cannot read '/etc/x'", .call = "openat2", .code = EACCES}) ==
          "cannot read '/etc/x': openat2: Permission denied");
    CHECK(base::to_text(Error{.what = "it failed", .code = ENOENT, .origin = {"--net host", 0, 0}}) ==
          "--net host: it failed: No such file or directory");
    CHECK(base::to_text(Error{.what = "it failed"}) == "it failed");
}

TEST_CASE("An errno that somebody can do something about says what, unless the error itself does", "[base]") {
    CHECK(base::to_text(Error{.what = "cannot write 'x'", .call = "write", .code = ENOSPC}) == "cannot write 'x': write: No space left on device; make room there");
    CHECK(base::to_text(Error{.what = "cannot write 'x'", .code = ENOSPC, .advice = "see quota(1)"}) == "cannot write 'x': No space left on device; see quota(1)");
    CHECK(base::to_text(Error{.what = "cannot open 'x'", .code = EMFILE}).ends_with("Too many open files; raise the limit of open files: ulimit -n"));
}

TEST_CASE("An error cannot drive the terminal or become two lines", "[base]") {
    CHECK(base::to_text(Error{.what = "no app '\x1b]0;owned\x07\nsandbox: all is well'"}) ==
          "no app '\\x1b]0;owned\\x07\\x0asandbox: all is well'");
    CHECK(base::to_text(Error{.what = "x", .origin = {"a\nb.toml", 1, 2}}) == "a\\x0ab.toml:1:2: x");
}

TEST_CASE("An origin is a place in a file, an argument, or built in", "[base]") {
    CHECK(base::to_text(base::Origin{"a.toml", 3, 4}) == "a.toml:3:4");
    CHECK(base::to_text(base::Origin{"--net host", 0, 0}) == "--net host");
    CHECK(base::to_text(base::Origin{}) == "built in");
}

TEST_CASE("An error of a system call keeps the errno", "[base]") {
    errno = EBUSY;
    const Error error = base::system_error("mount", "cannot mount '/a'", {"a.toml", 1, 1});
    CHECK(error.code == EBUSY);
    CHECK(base::to_text(error) == "a.toml:1:1: cannot mount '/a': mount: Device or resource busy");
}

TEST_CASE("Each failure has the exit status of the contract", "[base]") {
    CHECK(base::exit_status(base::Failure::ours) == 125);
    CHECK(base::exit_status(base::Failure::usage) == 2);
    CHECK(base::exit_status(base::Failure::not_executable) == 126);
    CHECK(base::exit_status(base::Failure::not_found) == 127);
}

namespace {

base::Result<int> half(int number) {
    if (number % 2 != 0) return Error{.what = std::to_string(number) + " is odd"};
    return number / 2;
}

base::Result<int> quarter(int number) {
    const int once = TRY(half(number));
    return TRY(half(once));
}

base::Result<void> must_be_even(int number) {
    TRY(half(number));
    return {};
}

base::Result<std::unique_ptr<int>> boxed(int number) {
    return std::make_unique<int>(TRY(half(number)));
}

} // namespace

TEST_CASE("TRY gives the value or passes the error up", "[base]") {
    CHECK(quarter(12).value() == 3);
    REQUIRE_FALSE(quarter(6).ok());
    CHECK(quarter(6).error().what == "3 is odd");
    CHECK(must_be_even(2).ok());
    CHECK(must_be_even(3).error().what == "3 is odd");
    CHECK(*boxed(8).value() == 4);
}
