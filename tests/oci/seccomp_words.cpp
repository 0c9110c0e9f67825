#include "launcher/oci/oci.hpp"
#include "tests/support/pace.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <linux/seccomp.h>
#include <random>

namespace {

using Arguments = std::array<std::uint64_t, 6>;

const oci::Json& member(const oci::Json& json, std::string_view name) {
    for (const auto& [key, value] : std::get<oci::Object>(json.value))
        if (key == name) return value;
    FAIL("there is no member " << name);
    std::abort();
}

bool has(const oci::Json& json, std::string_view name) {
    const auto& members = std::get<oci::Object>(json.value);
    return std::any_of(members.begin(), members.end(), [&](const auto& one) { return one.first == name; });
}

std::uint64_t number(const oci::Json& json, std::string_view name) { return std::get<std::uint64_t>(member(json, name).value); }
std::string text(const oci::Json& json, std::string_view name) { return std::get<std::string>(member(json, name).value); }

// As the specification tells it (config-linux.md, "Seccomp"): all comparisons of a rule must hold.
bool holds(const oci::Json& rule, const Arguments& arguments) {
    if (!has(rule, "args")) return true;
    const auto& conditions = std::get<oci::Array>(member(rule, "args").value);
    return std::all_of(conditions.begin(), conditions.end(), [&](const oci::Json& one) {
        const std::uint64_t found = arguments[number(one, "index")], value = number(one, "value");
        const std::string op = text(one, "op");
        if (op == "SCMP_CMP_MASKED_EQ") return (found & value) == number(one, "valueTwo");
        if (op == "SCMP_CMP_EQ") return found == value;
        if (op == "SCMP_CMP_NE") return found != value;
        if (op == "SCMP_CMP_LT") return found < value;
        if (op == "SCMP_CMP_LE") return found <= value;
        if (op == "SCMP_CMP_GT") return found > value;
        return found >= value;
    });
}

bool lets_through(const oci::Json& seccomp, const std::string& name, const Arguments& arguments) {
    const auto& rules = std::get<oci::Array>(member(seccomp, "syscalls").value);
    return std::any_of(rules.begin(), rules.end(), [&](const oci::Json& rule) {
        const auto& names = std::get<oci::Array>(member(rule, "names").value);
        const bool named = std::any_of(names.begin(), names.end(), [&](const oci::Json& one) { return std::get<std::string>(one.value) == name; });
        return named && text(rule, "action") == "SCMP_ACT_ALLOW" && holds(rule, arguments);
    });
}

bool lets_through(const resolve::Decision& decision, const Arguments& arguments) {
    for (const resolve::Clause& clause : decision.clauses)
        if (std::all_of(clause.conditions.begin(), clause.conditions.end(), [&](const resolve::Condition& condition) {
                const std::uint64_t found = arguments[condition.argument] & condition.mask;
                switch (condition.compare) {
                case resolve::Compare::equal: return found == condition.value;
                case resolve::Compare::not_equal: return found != condition.value;
                case resolve::Compare::less: return found < condition.value;
                case resolve::Compare::less_equal: return found <= condition.value;
                case resolve::Compare::greater: return found > condition.value;
                case resolve::Compare::greater_equal: return found >= condition.value;
                }
                return false;
            }))
            return clause.action == SECCOMP_RET_ALLOW;
    return decision.otherwise == SECCOMP_RET_ALLOW;
}

struct Both {
    std::vector<resolve::CallDecision> calls;
    oci::Json seccomp;
    oci::Lost lost;
};

Both both(const profile::Seccomp& wish, plan::Nested nested = plan::Nested::denied) {
    Both both;
    both.calls = MUST(resolve::seccomp_decisions(wish, {nested}));
    both.seccomp = oci::write_seccomp(MUST(resolve::seccomp(wish, {nested})), both.calls, both.lost);
    return both;
}

// Every value that a rule compares with, its neighbours, with bits above 32 set, and some at random.
std::vector<std::uint64_t> values_near(const resolve::Decision& decision) {
    std::vector<std::uint64_t> values{0, 1, UINT32_MAX, UINT64_MAX};
    for (const resolve::Clause& clause : decision.clauses)
        for (const resolve::Condition& condition : clause.conditions)
            for (const std::uint64_t value : {condition.value, condition.value + 1, condition.value - 1, condition.value | (std::uint64_t{1} << 40), condition.value ^ 0x8000'0000U})
                values.push_back(value);
    std::mt19937_64 random(7);
    for (int count = 0; count < 8; ++count) values.push_back(random());
    return values;
}

void compare(const Both& both) {
    std::size_t begin = 0;
    for (const resolve::CallDecision& call : both.calls) {
        const std::vector<std::uint64_t> values = values_near(call.decision);
        for (const std::uint64_t first : values)
            for (std::size_t at = begin++ % support::pace; at < values.size(); at += support::pace) {
                const std::uint64_t other = values[at];
                const Arguments arguments{first, other, other, first, other, first};
                if (lets_through(call.decision, arguments) == lets_through(both.seccomp, call.name, arguments)) continue;
                FAIL_CHECK(call.name << " with " << first << ", " << other << ": ours " << lets_through(call.decision, arguments));
                return;
            }
    }
    SUCCEED();
}

profile::Seccomp wish(const char* base, std::initializer_list<const char*> allow = {}, std::initializer_list<const char*> deny = {}) {
    const auto item = [](const char* text) { return profile::Item<std::string>{text, {{profile::Layer::user, {"t", 1, 1}, ""}}}; };
    profile::Seccomp made;
    made.base = item(base);
    for (const char* text : allow) made.allow.push_back(item(text));
    for (const char* text : deny) made.deny.push_back(item(text));
    return made;
}

} // namespace

TEST_CASE("the OCI words of a filter let through exactly what the filter does") {
    compare(both(wish("desktop")));
    compare(both(wish("strict")));
    compare(both(wish("desktop"), plan::Nested::allowed));
    compare(both(wish("desktop", {"@debug", "socket(arg0 == 16)"}, {"@ipc", "read(arg2 == 7)", "read(arg2 == 9)"})));
    compare(both(wish("none", {}, {"@mount", "ioctl(arg1 & 0xffffffff == 0x5412)"})));
}

TEST_CASE("a rule on arguments that OCI cannot say refuses the whole call, and says so") {
    const Both made = both(wish("desktop", {}, {"read(arg2 > 7)", "socket(arg0 == 2)"}));
    for (const char* name : {"read", "socket"}) CHECK_FALSE(lets_through(made.seccomp, name, {2, 2, 2, 0, 0, 0}));
    CHECK(std::any_of(made.lost.begin(), made.lost.end(), [](const std::string& line) { return line.find("read, socket") != std::string::npos; }));
    CHECK(lets_through(made.seccomp, "write", {}));
}
