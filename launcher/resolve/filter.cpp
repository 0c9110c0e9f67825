#include "launcher/resolve/filter.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <linux/filter.h>
#include <linux/seccomp.h>

namespace resolve {

namespace {

/// A program is written from its end to its start: jumps only lead forward, so every target already stands.
class BackwardsProgram {
public:
    /// Where an instruction stands: how many there are from it to the end, itself included.
    using Label = std::size_t;

    Label ret(Action action) {
        const auto known = returns_.find(action);
        if (known != returns_.end() && distance(known->second) <= reach / 2) return known->second;
        return returns_[action] = add(BPF_RET | BPF_K, action);
    }

    /// Compares the accumulator (BPF_JEQ, BPF_JGT, BPF_JGE).
    Label branch(std::uint16_t comparison, std::uint32_t value, Label yes, Label no) {
        yes = within_reach(yes);
        no = within_reach(no);
        yes = within_reach(yes); // the hop for `no` may have put one more instruction between
        return add(BPF_JMP | BPF_K | comparison, value, distance(yes), distance(no));
    }

    /// Makes `target` the next instruction, for code that runs into it rather than jumps.
    Label fall_into(Label target) {
        return target == code_.size() ? target : add(BPF_JMP | BPF_JA, static_cast<std::uint32_t>(distance(target)));
    }

    Label mask(std::uint32_t bits) { return bits == UINT32_MAX ? code_.size() : add(BPF_ALU | BPF_AND | BPF_K, bits); }
    Label load(std::size_t offset) { return add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)); }

    std::size_t size() const { return code_.size(); }

    std::string bytes() const {
        std::string out;
        out.reserve(code_.size() * sizeof(sock_filter));
        std::for_each(code_.rbegin(), code_.rend(), [&](const sock_filter& instruction) {
            char raw[sizeof instruction];
            std::memcpy(raw, &instruction, sizeof instruction);
            out.append(raw, sizeof raw);
        });
        return out;
    }

private:
    static constexpr std::size_t reach = 250; // a conditional jump skips at most 255; hops need a little room

    /// How many instructions a jump that is added now would skip.
    std::size_t distance(Label target) const { return code_.size() - target; }

    Label within_reach(Label target) {
        if (distance(target) <= reach) return target;
        return add(BPF_JMP | BPF_JA, static_cast<std::uint32_t>(distance(target)));
    }

    Label add(std::uint16_t code, std::uint32_t k, std::size_t yes = 0, std::size_t no = 0) {
        code_.push_back({code, static_cast<std::uint8_t>(yes), static_cast<std::uint8_t>(no), k});
        return code_.size();
    }

    std::vector<sock_filter> code_; // the last instruction first
    std::map<Action, Label> returns_;
};

using Label = BackwardsProgram::Label;

std::size_t low_half(std::uint8_t argument) {
    const std::size_t start = offsetof(seccomp_data, args) + argument * sizeof(std::uint64_t);
    return std::endian::native == std::endian::little ? start : start + 4;
}
std::size_t high_half(std::uint8_t argument) {
    return low_half(argument) ^ 4;
}

struct Halves {
    std::uint32_t high, low;
    explicit Halves(std::uint64_t word)
        : high(static_cast<std::uint32_t>(word >> 32)), low(static_cast<std::uint32_t>(word)) {}
};

/// The accumulator is 32 bits wide: the low half decides where the high halves are equal.
Label condition(BackwardsProgram& program, const Condition& wanted, Label yes, Label no) {
    switch (wanted.compare) { // three comparisons are the other three with yes and no exchanged
    case Compare::not_equal:
        return condition(program, {wanted.argument, Compare::equal, wanted.mask, wanted.value}, no, yes);
    case Compare::less:
        return condition(program, {wanted.argument, Compare::greater_equal, wanted.mask, wanted.value}, no, yes);
    case Compare::less_equal:
        return condition(program, {wanted.argument, Compare::greater, wanted.mask, wanted.value}, no, yes);
    case Compare::equal:
    case Compare::greater:
    case Compare::greater_equal: break;
    }
    const std::uint16_t comparison = wanted.compare == Compare::equal     ? BPF_JEQ
                                     : wanted.compare == Compare::greater ? BPF_JGT
                                                                          : BPF_JGE;
    const Halves mask(wanted.mask), value(wanted.value);
    program.branch(comparison, value.low, yes, no);
    program.mask(mask.low);
    Label start = program.load(low_half(wanted.argument));
    if (mask.high == 0 && value.high == 0) return start; // a 32-bit argument

    start = program.branch(BPF_JEQ, value.high, start, no);
    if (wanted.compare != Compare::equal) program.branch(BPF_JGT, value.high, yes, start);
    program.mask(mask.high);
    return program.load(high_half(wanted.argument));
}

Label decision(BackwardsProgram& program, const Decision& wanted) {
    Label next = program.ret(wanted.otherwise);
    for (auto clause = wanted.clauses.rbegin(); clause != wanted.clauses.rend(); ++clause) {
        Label here = program.ret(clause->action);
        for (auto wish = clause->conditions.rbegin(); wish != clause->conditions.rend(); ++wish)
            here = condition(program, *wish, here, next);
        next = here;
    }
    return next;
}

/// The calls from `first` up to the next run's `first` have one decision.
struct Run {
    std::uint32_t first = 0;
    const Decision* decision = nullptr;
    Label clauses = 0; ///< where its clauses stand, if it has any
};

std::vector<Run> runs_of(const std::map<std::uint32_t, Decision>& calls, const Decision& absent) {
    std::vector<Run> runs{{0, &absent}};
    const auto begin = [&](std::uint32_t first, const Decision& decision) {
        if (*runs.back().decision == decision) return;
        if (runs.back().first == first)
            runs.back().decision = &decision;
        else
            runs.push_back({first, &decision});
    };
    std::uint32_t expected = 0;
    for (const auto& [number, decision] : calls) {
        if (number != expected) begin(expected, absent);
        begin(number, decision);
        expected = number + 1;
    }
    begin(expected, absent);
    return runs;
}

/// A balanced search over the runs; the accumulator holds the number of the call.
Label search(BackwardsProgram& program, std::span<const Run> runs) {
    if (runs.size() == 1)
        return runs[0].decision->clauses.empty() ? program.ret(runs[0].decision->otherwise) : runs[0].clauses;
    const std::size_t middle = runs.size() / 2;
    const Label from_middle = search(program, runs.subspan(middle));
    const Label before = search(program, runs.first(middle));
    return program.branch(BPF_JGE, runs[middle].first, from_middle, before);
}

} // namespace

base::Result<std::string> compile_filter(std::span<const AbiDecisions> abis, Action absent) {
    BackwardsProgram program;
    const Decision nothing{{}, absent};
    Label next_abi = program.ret(absent);
    for (auto abi = abis.rbegin(); abi != abis.rend(); ++abi) {
        std::vector<Run> runs = runs_of(abi->calls, nothing);
        for (Run& run : runs)
            if (!run.decision->clauses.empty()) run.clauses = decision(program, *run.decision);
        program.fall_into(search(program, runs));
        const Label this_abi = program.load(offsetof(seccomp_data, nr));
        next_abi = program.branch(BPF_JEQ, abi->audit_arch, this_abi, next_abi);
    }
    program.load(offsetof(seccomp_data, arch));
    if (program.size() > BPF_MAXINSNS)
        return base::Error{.what = "the system call filter has " + std::to_string(program.size()) +
                                   " instructions, the kernel takes " + std::to_string(BPF_MAXINSNS),
                           .advice = "shorten seccomp.allow and seccomp.deny"};
    return program.bytes();
}

} // namespace resolve
