#include "launcher/resolve/filter.hpp"

#include "tests/support/bpf.hpp"
#include "tests/support/pace.hpp"

#include <catch2/catch.hpp>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <random>

using resolve::AbiDecisions;
using resolve::Action;
using resolve::Clause;
using resolve::Compare;
using resolve::Condition;
using resolve::Decision;
using support::BpfProgram;

namespace {

constexpr Action allow = SECCOMP_RET_ALLOW, absent = SECCOMP_RET_ERRNO | 38, denied = SECCOMP_RET_ERRNO | 1;
constexpr std::uint32_t arch = AUDIT_ARCH_X86_64;
using Arguments = std::array<std::uint64_t, 6>;

BpfProgram program_of(const std::vector<AbiDecisions>& abis) {
    const auto bytes = resolve::compile_filter(abis, absent);
    REQUIRE(bytes.ok());
    const auto program = BpfProgram::make(bytes.value());
    INFO((program.ok() ? "" : program.error().what));
    REQUIRE(program.ok());
    return program.value();
}

/// What the words of the header mean, said as plainly as possible.
bool holds(const Condition& condition, const Arguments& arguments) {
    const std::uint64_t value = arguments[condition.argument] & condition.mask;
    switch (condition.compare) {
    case Compare::equal: return value == condition.value;
    case Compare::not_equal: return value != condition.value;
    case Compare::less: return value < condition.value;
    case Compare::less_equal: return value <= condition.value;
    case Compare::greater: return value > condition.value;
    case Compare::greater_equal: return value >= condition.value;
    }
    return false;
}

Action expected(const Decision& decision, const Arguments& arguments) {
    for (const Clause& clause : decision.clauses) {
        bool all = true;
        for (const Condition& condition : clause.conditions) all = all && holds(condition, arguments);
        if (all) return clause.action;
    }
    return decision.otherwise;
}

const std::vector<std::uint64_t> edges{0,
                                       1,
                                       2,
                                       4,
                                       5,
                                       6,
                                       0x7fffffff,
                                       0x80000000,
                                       0xfffffffe,
                                       0xffffffff,
                                       0x100000000,
                                       0x100000001,
                                       0x100000005,
                                       0x4ffffffff,
                                       0x500000000,
                                       0x500000004,
                                       0x500000005,
                                       0x500000006,
                                       0x600000000,
                                       0x8000000000000005,
                                       0xfffffffffffffffe,
                                       UINT64_MAX};
const std::vector<Compare> comparisons{Compare::equal,      Compare::not_equal, Compare::less,
                                       Compare::less_equal, Compare::greater,   Compare::greater_equal};

} // namespace

TEST_CASE("a condition of a filter compares all 64 bits under its mask, whatever the comparison") {
    for (const Compare compare : comparisons)
        for (const std::uint64_t mask :
             {UINT64_MAX, std::uint64_t{0xffffffff}, std::uint64_t{0xff000000ff}, std::uint64_t{5} << 32})
            for (const std::uint64_t value : edges) {
                const Decision decision{{{{{3, compare, mask, value}}, denied}}, allow};
                const BpfProgram program = program_of({{arch, {{7, decision}}}});
                for (const std::uint64_t given : edges) {
                    const Arguments arguments{9, 9, 9, given, 9, 9};
                    CAPTURE(static_cast<int>(compare), mask, value, given);
                    REQUIRE(program.action(arch, 7, arguments) == expected(decision, arguments));
                }
            }
}

TEST_CASE("the first clause of a decision that holds decides, and all of its conditions must hold") {
    const Condition first{0, Compare::equal, UINT64_MAX, 1}, second{5, Compare::equal, UINT64_MAX, 2};
    const Decision decision{{{{first, second}, denied}, {{first}, absent}, {{second}, denied}}, allow};
    const BpfProgram program = program_of({{arch, {{7, decision}}}});
    CHECK(program.action(arch, 7, {1, 0, 0, 0, 0, 2}) == denied);
    CHECK(program.action(arch, 7, {1, 0, 0, 0, 0, 3}) == absent);
    CHECK(program.action(arch, 7, {0, 0, 0, 0, 0, 2}) == denied);
    CHECK(program.action(arch, 7, {0, 0, 0, 0, 0, 0}) == allow);
}

TEST_CASE("a call or an ABI without a decision has the default action") {
    const BpfProgram program = program_of({{arch, {{0, {{}, allow}}, {1, {{}, allow}}, {3, {{}, denied}}}}});
    CHECK(program.action(arch, 0) == allow);
    CHECK(program.action(arch, 1) == allow);
    CHECK(program.action(arch, 2) == absent);
    CHECK(program.action(arch, 3) == denied);
    CHECK(program.action(arch, 4) == absent);
    CHECK(program.action(arch, UINT32_MAX) == absent);
    CHECK(program.action(AUDIT_ARCH_I386, 0) == absent);
    CHECK(program.action(0, 0) == absent);
}

TEST_CASE("each ABI of a filter has its own decisions") {
    const BpfProgram program =
        program_of({{arch, {{1, {{}, allow}}}}, {AUDIT_ARCH_I386, {{1, {{}, denied}}, {2, {{}, allow}}}}});
    CHECK(program.action(arch, 1) == allow);
    CHECK(program.action(arch, 2) == absent);
    CHECK(program.action(AUDIT_ARCH_I386, 1) == denied);
    CHECK(program.action(AUDIT_ARCH_I386, 2) == allow);
    CHECK(program.action(AUDIT_ARCH_AARCH64, 1) == absent);
}

TEST_CASE("a filter without any decision, or with one for everything, still answers") {
    CHECK(program_of({}).action(arch, 1) == absent);
    CHECK(program_of({{arch, {}}}).action(arch, 1) == absent);
    const Decision looked_into{{{{{0, Compare::equal, UINT64_MAX, 1}}, allow}}, denied};
    const BpfProgram program = program_of({{arch, {{0, looked_into}}}, {AUDIT_ARCH_I386, {}}});
    CHECK(program.action(arch, 0, {1}) == allow);
    CHECK(program.action(arch, 0, {2}) == denied);
}

TEST_CASE("jumps over more than 255 instructions arrive: large invented filters decide as their rows say") {
    std::mt19937 random(20240229);
    const auto pick = [&](std::size_t bound) { return random() % bound; };
    const std::array<Action, 3> actions{allow, absent, denied};
    for (std::size_t round = 0; round < 30; round += support::pace) {
        std::vector<AbiDecisions> abis{{arch, {}}, {AUDIT_ARCH_I386, {}}};
        for (AbiDecisions& abi : abis)
            for (std::uint32_t number = 0; number < 460; ++number) {
                if (pick(5) == 0) continue;
                Decision decision{{}, actions[pick(3)]};
                for (std::size_t clauses = pick(12) == 0 ? pick(4) : 0; clauses > 0; --clauses) {
                    Clause clause{{}, actions[pick(3)]};
                    for (std::size_t conditions = 1 + pick(2); conditions > 0; --conditions)
                        clause.conditions.push_back({static_cast<std::uint8_t>(pick(6)), comparisons[pick(6)],
                                                     pick(2) ? UINT64_MAX : UINT32_MAX, edges[pick(edges.size())]});
                    decision.clauses.push_back(clause);
                }
                abi.calls[number] = decision;
            }
        const BpfProgram program = program_of(abis);
        CHECK(program.size() > 600);
        for (const AbiDecisions& abi : abis)
            for (std::uint32_t number = 0; number < 470; ++number)
                for (int sample = 0; sample < 12; ++sample) {
                    Arguments arguments;
                    for (auto& argument : arguments) argument = edges[pick(edges.size())];
                    const auto row = abi.calls.find(number);
                    const Action wanted = row == abi.calls.end() ? absent : expected(row->second, arguments);
                    CAPTURE(round, number);
                    REQUIRE(program.action(abi.audit_arch, number, arguments) == wanted);
                }
    }
}

TEST_CASE("a filter that the kernel would not take is an error that says so") {
    AbiDecisions abi{arch, {}};
    for (std::uint32_t number = 0; number < 5000; ++number) abi.calls[number] = {{}, number % 2 ? allow : denied};
    const auto bytes = resolve::compile_filter(std::vector{abi}, absent);
    REQUIRE_FALSE(bytes.ok());
    CHECK_THAT(bytes.error().what, Catch::Contains("instructions, the kernel takes 4096"));
}

TEST_CASE("the evaluator refuses what the kernel refuses") {
    const auto refused = [](std::vector<sock_filter> code) {
        const auto program =
            BpfProgram::make({reinterpret_cast<const char*>(code.data()), code.size() * sizeof(sock_filter)});
        return program.ok() ? std::string() : program.error().what;
    };
    const sock_filter end{BPF_RET | BPF_K, 0, 0, allow};
    CHECK(refused({end}).empty());
    CHECK(refused({}) == "0 instructions");
    CHECK_THAT(refused({{BPF_LD | BPF_W | BPF_ABS, 0, 0, 2}, end}), Catch::Contains("loads from nowhere"));
    CHECK_THAT(refused({{BPF_LD | BPF_W | BPF_ABS, 0, 0, 64}, end}), Catch::Contains("loads from nowhere"));
    CHECK_THAT(refused({{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0}, end}), Catch::Contains("jumps past the end"));
    CHECK_THAT(refused({{BPF_JMP | BPF_JA, 0, 0, 1}, end}), Catch::Contains("jumps past the end"));
    CHECK_THAT(refused({{BPF_LD | BPF_W | BPF_IND, 0, 0, 0}, end}), Catch::Contains("unknown code"));
    CHECK_THAT(refused({{BPF_LD | BPF_W | BPF_ABS, 0, 0, 0}}), Catch::Contains("no return"));
    CHECK(BpfProgram::make("1234567").error().what == "not a whole number of instructions");
}
