// System calls: the filter of the Plan itself is asked, over all arguments.

#include "launcher/resolve/seccomp.hpp"
#include "launcher/resolve/syscall_sets.hpp"
#include "launcher/verbs/why.hpp"

#include <algorithm>
#include <cstring>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <optional>
#include <tuple>

namespace verbs {
namespace {

using base::Error;
using base::Result;

/// One state of the walk: an accumulator that is not known may be anything.
struct Step {
    std::size_t at = 0;
    std::optional<std::uint32_t> value;
    auto operator<=>(const Step&) const = default; // NOLINT(modernize-use-nullptr): clang-tidy 14 takes the 0 that it compares with for a pointer
};

bool holds(std::uint16_t code, std::uint32_t value, std::uint32_t operand) {
    switch (BPF_OP(code)) {
    case BPF_JEQ: return value == operand;
    case BPF_JGT: return value > operand;
    case BPF_JGE: return value >= operand;
    default: return (value & operand) != 0; // BPF_JSET
    }
}

// The call without arguments that an item of allow or deny names.
bool names(const std::string& item, const std::string& call) {
    if (item == call || item.starts_with(call + "(")) return true;
    const resolve::SyscallSet* set = item.starts_with('@') ? resolve::find_syscall_set(item) : nullptr;
    if (!set) return false;
    const auto calls = resolve::calls_of(*set);
    return std::find(calls.begin(), calls.end(), call) != calls.end();
}

const profile::Item<std::string>* item_of(const profile::Set& set, const std::string& call) {
    const auto found = std::find_if(set.begin(), set.end(), [&](const auto& item) { return names(item.value, call); });
    return found == set.end() ? nullptr : &*found;
}

std::string error_text(std::uint32_t outcome) {
    const int code = static_cast<int>(outcome & SECCOMP_RET_DATA);
    const char* name = strerrorname_np(code);
    return name ? std::string(name) + " (" + strerror(code) + ")" : "error " + std::to_string(code);
}

bool is_allowed(std::uint32_t outcome) { return (outcome & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ALLOW; }

void say_who(const Question& question, Answer& answer) {
    answer.origin = question.plan.security.seccomp.origin;
    answer.key = "process.seccomp.base = \"" + question.plan.security.seccomp.base + "\"";
    if (!question.profile) return;
    const profile::Seccomp& wish = question.profile->process.seccomp;
    const auto* deny = item_of(wish.deny, question.what);
    const auto* allow = item_of(wish.allow, question.what);
    const auto* item = deny ? deny : allow;
    if (!item) return;
    answer.origin = item->origin();
    answer.key = std::string("process.seccomp.") + (deny ? "deny" : "allow") + " = [\"" + item->value + "\"]";
}

} // namespace

std::set<std::uint32_t> outcomes(const std::string& program, std::uint32_t audit_arch, std::uint32_t number) {
    const std::size_t count = program.size() / sizeof(sock_filter);
    const auto instruction = [&](std::size_t at) {
        sock_filter one{};
        std::memcpy(&one, program.data() + at * sizeof one, sizeof one);
        return one;
    };
    std::set<std::uint32_t> found;
    std::set<Step> seen;
    std::vector<Step> waiting{{0, 0U}};
    // A filter has no loops: every step goes forward, and no state is looked at twice.
    while (!waiting.empty()) {
        const Step step = waiting.back();
        waiting.pop_back();
        if (step.at >= count || !seen.insert(step).second) continue;
        const sock_filter one = instruction(step.at);
        const auto go = [&](std::size_t by, std::optional<std::uint32_t> value) { waiting.push_back({step.at + 1 + by, value}); };
        switch (BPF_CLASS(one.code)) {
        case BPF_RET: found.insert(one.k); break;
        case BPF_LD:
            if (one.k == offsetof(seccomp_data, nr)) go(0, number);
            else if (one.k == offsetof(seccomp_data, arch)) go(0, audit_arch);
            else go(0, std::nullopt); // an argument
            break;
        case BPF_ALU: go(0, step.value ? std::optional(*step.value & one.k) : std::nullopt); break; // BPF_AND is all that our writer uses
        case BPF_JMP:
            if (BPF_OP(one.code) == BPF_JA) {
                go(one.k, step.value);
                break;
            }
            if (!step.value || holds(one.code, *step.value, one.k)) go(one.jt, step.value);
            if (!step.value || !holds(one.code, *step.value, one.k)) go(one.jf, step.value);
            break;
        default: return {};
        }
    }
    return found;
}

Result<Answer> why_syscall(const Question& question) {
    const auto call = resolve::native_call(question.what);
    if (!call) return Error{.what = "there is no system call '" + question.what + "'", .advice = "syscalls(2) names them; as syscall:ptrace", .failure = base::Failure::usage};
    const plan::Seccomp& seccomp = question.plan.security.seccomp;
    const auto found = seccomp.program.empty() ? std::set<std::uint32_t>{SECCOMP_RET_ALLOW} : outcomes(seccomp.program, call->audit_arch, call->number);
    const auto allowed = static_cast<std::size_t>(std::count_if(found.begin(), found.end(), is_allowed));
    Answer answer;
    say_who(question, answer);
    answer.granted = allowed != 0;
    const auto refused = std::find_if_not(found.begin(), found.end(), is_allowed);
    if (allowed == found.size()) {
        answer.verdict = "granted";
        answer.sees = "the kernel's answer";
        answer.change = ways_to(question, "--set 'process.seccomp.deny=[\"" + question.what + "\"]'", "process.seccomp.deny = [\"" + question.what + "\"]");
        return answer;
    }
    answer.verdict = allowed != 0 ? "granted, but for some arguments" : "denied";
    answer.sees = (allowed != 0 ? "the kernel's answer, or " : "") + error_text(*refused);
    answer.change = ways_to(question, "--set 'process.seccomp.allow=[\"" + question.what + "\"]'", "process.seccomp.allow = [\"" + question.what + "\"]");
    return answer;
}

} // namespace verbs
