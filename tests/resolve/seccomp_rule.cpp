#include "launcher/resolve/seccomp_rule.hpp"

#include <catch2/catch.hpp>
#include <cerrno>

using resolve::Compare;
using resolve::Condition;
using resolve::Effect;

namespace {

profile::Item<std::string> item(std::string text) {
    return {text, {{profile::Layer::user, {"app.toml", 12, 9}, text}}};
}

Condition only_condition(const std::string& text, Effect effect) {
    const auto rule = resolve::parse_seccomp_rule(item(text), effect);
    INFO(text);
    REQUIRE(rule.ok());
    REQUIRE(rule.value().conditions.size() == 1);
    return rule.value().conditions[0];
}

std::string error_of(const std::string& text) {
    const auto rule = resolve::parse_seccomp_rule(item(text), Effect::deny);
    INFO(text);
    REQUIRE_FALSE(rule.ok());
    return base::to_text(rule.error());
}

} // namespace

TEST_CASE("a rule about system calls is a set, a call, or a call with conditions") {
    CHECK(resolve::parse_seccomp_rule(item("@file-system"), Effect::allow).value().name == "@file-system");
    CHECK(resolve::parse_seccomp_rule(item("clock_settime64"), Effect::allow).value().name == "clock_settime64");
    const auto rule = resolve::parse_seccomp_rule(item("socket( arg0 == 38 ,arg2&0xF!=0x1)"), Effect::allow);
    REQUIRE(rule.ok());
    CHECK(rule.value().name == "socket");
    REQUIRE(rule.value().conditions.size() == 2);
    CHECK(rule.value().conditions[0] == Condition{0, Compare::equal, UINT64_MAX, 38});
    CHECK(rule.value().conditions[1] == Condition{2, Compare::not_equal, 0xf, 1});
}

TEST_CASE("every comparison of a rule is understood") {
    CHECK(only_condition("x(arg1 & 0xff == 2)", Effect::deny).compare == Compare::equal);
    CHECK(only_condition("x(arg1 & 0xff != 2)", Effect::deny).compare == Compare::not_equal);
    CHECK(only_condition("x(arg1 & 0xff < 2)", Effect::deny).compare == Compare::less);
    CHECK(only_condition("x(arg1 & 0xff <= 2)", Effect::deny).compare == Compare::less_equal);
    CHECK(only_condition("x(arg1 & 0xff > 2)", Effect::deny).compare == Compare::greater);
    CHECK(only_condition("x(arg1 & 0xff >= 2)", Effect::deny).compare == Compare::greater_equal);
}

TEST_CASE("a comparison without a mask is on the safe side for 32-bit and for 64-bit arguments") {
    const auto mask = [](const std::string& text, Effect effect) { return only_condition(text, effect).mask; };
    for (const char* text : {"x(arg0 == 5)", "x(arg0 < 5)", "x(arg0 <= 5)"}) {
        CAPTURE(text);
        CHECK(mask(text, Effect::deny) == UINT32_MAX);
        CHECK(mask(text, Effect::allow) == UINT64_MAX);
    }
    for (const char* text : {"x(arg0 != 5)", "x(arg0 > 5)", "x(arg0 >= 5)"}) {
        CAPTURE(text);
        CHECK(mask(text, Effect::deny) == UINT64_MAX);
        CHECK(mask(text, Effect::allow) == UINT32_MAX);
    }
    CHECK(mask("x(arg0 == 0x100000005)", Effect::deny) == UINT64_MAX);
    CHECK(mask("x(arg0 & 0xff0000000000 == 0x10000000000)", Effect::deny) == 0xff0000000000);
}

TEST_CASE("a rule about system calls that is not of the form is an error at its place") {
    CHECK(error_of("") == "app.toml:12:9: system call rule '': expected the name of a system call or a set at its end; "
                          "write \"@set\", \"call\" or \"call(arg0 == 1, arg1 & 0xff != 2)\"");
    CHECK_THAT(error_of("@"), Catch::Contains("expected the name"));
    CHECK_THAT(error_of(" read"), Catch::Contains("expected the name"));
    CHECK_THAT(error_of("Read"), Catch::Contains("expected the name"));
    CHECK_THAT(error_of("read "), Catch::Contains("expected '(' or nothing at its end"));
    CHECK_THAT(error_of("read write"), Catch::Contains("expected '(' or nothing before 'write'"));
    CHECK_THAT(error_of("read("), Catch::Contains("expected arg0 to arg5 at its end"));
    CHECK_THAT(error_of("read()"), Catch::Contains("expected arg0 to arg5 before ')'"));
    CHECK_THAT(error_of("read(arg6 == 1)"), Catch::Contains("there are arg0 to arg5 only"));
    CHECK_THAT(error_of("read(arg01 == 1)"), Catch::Contains("there are arg0 to arg5 only"));
    CHECK_THAT(error_of("read(arg == 1)"), Catch::Contains("there are arg0 to arg5 only"));
    CHECK_THAT(error_of("read(arg0 = 1)"), Catch::Contains("expected one of == != < <= > >= before '= 1)'"));
    CHECK_THAT(error_of("read(arg0)"), Catch::Contains("expected one of == != < <= > >="));
    CHECK_THAT(error_of("read(arg0 == )"), Catch::Contains("expected a number such as 16 or 0x10 before ')'"));
    CHECK_THAT(error_of("read(arg0 == 1 arg1 == 2)"), Catch::Contains("expected ',' or ')' before 'arg1 == 2)'"));
    CHECK_THAT(error_of("read(arg0 == 1"), Catch::Contains("expected ',' or ')' at its end"));
    CHECK_THAT(error_of("read(arg0 == 1) "), Catch::Contains("expected nothing more"));
    CHECK_THAT(error_of("read(arg0 == 1)x"), Catch::Contains("expected nothing more before 'x'"));
    CHECK_THAT(error_of("@debug(arg0 == 1)"), Catch::Contains("a set takes no arguments"));
    CHECK_THAT(error_of(std::string("read\0", 5)), Catch::Contains("expected '(' or nothing"));
}

TEST_CASE("a number of a rule is read whole or not at all") {
    for (const char* number : {"-1", "+1", "01", "0x", "0xg", "1x", "1_0", "0X10", "18446744073709551616",
                               "0x10000000000000000", "1e3", "' 1'"}) {
        CAPTURE(number);
        CHECK_THAT(error_of("read(arg0 == " + std::string(number) + ")"), Catch::Contains("expected a number"));
    }
    CHECK(only_condition("read(arg0 == 18446744073709551615)", Effect::deny).value == UINT64_MAX);
    CHECK(only_condition("read(arg0 == 0xFfffffffffffffff)", Effect::deny).value == UINT64_MAX);
    CHECK(only_condition("read(arg0 == 0)", Effect::deny).value == 0);
}

TEST_CASE("a comparison that could never hold or never fail is an error, not a silent rule") {
    for (const char* text :
         {"x(arg0 & 0xf == 0x10)", "x(arg0 & 0 == 1)", "x(arg0 < 0)", "x(arg0 >= 0)", "x(arg0 & 0xf > 0xf)",
          "x(arg0 & 0xf <= 0xf)", "x(arg0 & 0xf >= 0x10)", "x(arg0 & 0xf < 0x10)", "x(arg0 > 0xffffffffffffffff)"}) {
        CAPTURE(text);
        CHECK_THAT(error_of(text), Catch::Contains("never or always holds"));
    }
}

TEST_CASE("the error of denied calls is a name of the table") {
    CHECK(resolve::seccomp_errno(item("EPERM")).value() == EPERM);
    CHECK(resolve::seccomp_errno(item("ENOSYS")).value() == ENOSYS);
    CHECK(resolve::seccomp_errno(item("EACCES")).value() == EACCES);
    CHECK(base::to_text(resolve::seccomp_errno(item("EPREM")).error()) ==
          "app.toml:12:9: unknown error name 'EPREM' for denied system calls; did you mean 'EPERM'?");
    CHECK_FALSE(resolve::seccomp_errno(item("1")).ok());
    CHECK_FALSE(resolve::seccomp_errno(item("")).ok());
    CHECK_FALSE(resolve::seccomp_errno(item("kill")).ok());
}
