#pragma once
// From decisions to the program that the kernel runs at each system call (classic BPF, seccomp(2)).
//
// Why not by seccomp_export_bpf: it takes 1.7 ms at each start (this: some 50 µs), its programs are longer, it has no
// "unless" for a call that is allowed but for some arguments, and on 32-bit x86 it turns a rule about the arguments of
// socket(2) into one about socketcall(2), whose arguments no filter can see.

#include "launcher/base/result.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace resolve {

enum class Compare { equal, not_equal, less, less_equal, greater, greater_equal };

/// (argument & mask) COMPARE value, unsigned. An argument that the kernel reads as 32 bits must be compared under a
/// mask of 32 bits: what stands above is ignored there and must not count here either (CVE-2019-7303, CVE-2019-10063).
struct Condition {
    std::uint8_t argument = 0; ///< 0 to 5
    Compare compare = Compare::equal;
    std::uint64_t mask = UINT64_MAX;
    std::uint64_t value = 0;
    bool operator==(const Condition&) const = default;
};

/// What the kernel does: SECCOMP_RET_ALLOW, or SECCOMP_RET_ERRNO with an errno. Nothing here kills.
using Action = std::uint32_t;

/// `action` where all conditions hold.
struct Clause {
    std::vector<Condition> conditions;
    Action action = 0;
    bool operator==(const Clause&) const = default;
};

/// The first clause that holds decides.
struct Decision {
    std::vector<Clause> clauses;
    Action otherwise = 0;
    bool operator==(const Decision&) const = default;
};

/// The calls of one ABI. A number that is not there has the filter's default action.
struct AbiDecisions {
    std::uint32_t audit_arch = 0; ///< AUDIT_ARCH_*, as in seccomp_data
    std::map<std::uint32_t, Decision> calls;
};

/// The program: struct sock_filter[], native byte order. `absent` is the action for numbers and ABIs that are not
/// there. The same decisions give the same bytes. Errors: longer than the kernel takes (BPF_MAXINSNS).
base::Result<std::string> compile_filter(std::span<const AbiDecisions> abis, Action absent);

} // namespace resolve
