// The decisions of the filter as linux.seccomp. Rules of OCI are a heap without an order: of one call only such may stand
// there as let arguments through, all else falls to the default. An exception from what is let through is turned round:
// its complement is a list of masked comparisons. What cannot be said so refuses the whole call.

#include "launcher/oci/oci.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/seccomp.h>
#include <map>
#include <optional>

namespace oci {
namespace {

using resolve::Clause;
using resolve::Compare;
using resolve::Condition;
using resolve::Decision;

constexpr std::uint64_t every_bit = UINT64_MAX;

struct Operator {
    Compare compare;
    const char* name;
};
constexpr std::array operators{Operator{Compare::equal, "SCMP_CMP_EQ"},        Operator{Compare::not_equal, "SCMP_CMP_NE"},
                               Operator{Compare::less, "SCMP_CMP_LT"},         Operator{Compare::less_equal, "SCMP_CMP_LE"},
                               Operator{Compare::greater, "SCMP_CMP_GT"},      Operator{Compare::greater_equal, "SCMP_CMP_GE"}};

Json masked(std::uint64_t argument, std::uint64_t mask, std::uint64_t value) {
    return Object{{"index", argument}, {"value", mask}, {"valueTwo", value}, {"op", "SCMP_CMP_MASKED_EQ"}};
}

std::optional<Json> argument(const Condition& condition) {
    if (condition.compare == Compare::equal && condition.mask != every_bit) return masked(condition.argument, condition.mask, condition.value);
    if (condition.mask != every_bit) return std::nullopt;
    const auto row = std::find_if(operators.begin(), operators.end(), [&](const Operator& one) { return one.compare == condition.compare; });
    return Object{{"index", std::uint64_t{condition.argument}}, {"value", condition.value}, {"op", row->name}};
}

Json rule(const std::string& name, Array arguments) {
    return Object{{"names", Array{Json(name)}}, {"action", "SCMP_ACT_ALLOW"}, {"args", std::move(arguments)}};
}

// Every value under `mask` but those of `points`, as comparisons with masks that no value fits twice.
void complement(std::uint64_t mask, const std::vector<std::uint64_t>& points, std::uint64_t decided, std::uint64_t value,
                std::vector<std::pair<std::uint64_t, std::uint64_t>>& out) {
    const bool hit = std::any_of(points.begin(), points.end(), [&](std::uint64_t point) { return (point & decided) == value; });
    if (!hit) {
        out.emplace_back(decided, value);
        return;
    }
    const std::uint64_t open = mask & ~decided;
    if (open == 0) return;
    const std::uint64_t bit = std::uint64_t{1} << (63 - __builtin_clzll(open));
    complement(mask, points, decided | bit, value, out);
    complement(mask, points, decided | bit, value | bit, out);
}

// Let through but for some values of one argument.
bool write_exceptions(const std::string& name, const Decision& decision, Array& rules) {
    const Condition& first = decision.clauses.front().conditions.front();
    std::vector<std::uint64_t> points;
    for (const Clause& clause : decision.clauses) {
        if (clause.action == decision.otherwise || clause.conditions.size() != 1) return false;
        const Condition& condition = clause.conditions.front();
        if (condition.compare != Compare::equal || condition.argument != first.argument || condition.mask != first.mask) return false;
        points.push_back(condition.value);
    }
    std::vector<std::pair<std::uint64_t, std::uint64_t>> rest;
    complement(first.mask, points, 0, 0, rest);
    for (const auto& [mask, value] : rest) rules.push_back(rule(name, {masked(first.argument, mask, value)}));
    return true;
}

// Refused but for some arguments. The order counts here: an exception before what is let through has no form there.
bool write_allowed(const std::string& name, const Decision& decision, Array& rules) {
    Array found;
    bool refused = false;
    for (const Clause& clause : decision.clauses) {
        refused = refused || clause.action != SECCOMP_RET_ALLOW;
        if (clause.action != SECCOMP_RET_ALLOW) continue;
        if (refused) return false;
        Array arguments;
        std::uint32_t seen = 0; // libseccomp takes one comparison for each argument
        for (const Condition& condition : clause.conditions) {
            auto one = argument(condition);
            if (!one || (seen >> condition.argument & 1) != 0) return false;
            seen |= 1U << condition.argument;
            arguments.push_back(std::move(*one));
        }
        found.push_back(rule(name, std::move(arguments)));
    }
    std::move(found.begin(), found.end(), std::back_inserter(rules));
    return true;
}

} // namespace

Json write_seccomp(const plan::Seccomp& seccomp, const std::vector<resolve::CallDecision>& calls, Lost& lost) {
    if (seccomp.program.empty()) return {};
    Array allowed, rules;
    std::map<std::uint32_t, Array> refused; ///< by errno
    std::string whole;
    bool by_argument = false;
    for (const resolve::CallDecision& call : calls) {
        const Decision& decision = call.decision;
        const std::uint32_t code = decision.otherwise & SECCOMP_RET_DATA;
        if (!decision.clauses.empty()) {
            const bool open = decision.otherwise == SECCOMP_RET_ALLOW;
            by_argument = true;
            if (!(open ? write_exceptions(call.name, decision, rules) : write_allowed(call.name, decision, rules)))
                whole += (whole.empty() ? "" : ", ") + call.name;
        } else if (decision.otherwise == SECCOMP_RET_ALLOW) {
            allowed.emplace_back(call.name);
        } else if (code != ENOSYS) {
            refused[code].emplace_back(call.name);
        }
    }
    rules.insert(rules.begin(), Object{{"names", std::move(allowed)}, {"action", "SCMP_ACT_ALLOW"}});
    for (auto& [code, names] : refused)
        rules.push_back(Object{{"names", std::move(names)}, {"action", "SCMP_ACT_ERRNO"}, {"errnoRet", std::uint64_t{code}}});
    if (!whole.empty()) lost.push_back("the rules on the arguments of " + whole + ": they have no form, and the calls are refused as a whole");
    if (by_argument) lost.emplace_back("the error of a call that is refused by its arguments: it is ENOSYS there");
    lost.emplace_back("calls of a foreign ABI: a runtime's filter ends the program, ours answers ENOSYS");
    Array architectures{"SCMP_ARCH_X86_64"};
    for (const std::string& foreign : seccomp.architectures) architectures.emplace_back(foreign == "x32" ? "SCMP_ARCH_X32" : "SCMP_ARCH_X86");
    return Object{{"defaultAction", "SCMP_ACT_ERRNO"},
                  {"defaultErrnoRet", std::uint64_t{ENOSYS}},
                  {"architectures", std::move(architectures)},
                  {"syscalls", std::move(rules)}};
}

} // namespace oci
