#pragma once
// Names for groups of system calls, and the base lists made of them. Pure rows: what a call is called here, not what
// number it has on which machine (seccomp.cpp) nor what is done with it.

#include <span>
#include <string_view>
#include <vector>

namespace resolve {

struct SyscallSet {
    std::string_view name;    ///< "@file-system"
    std::string_view help;    ///< one line, for explain and the manual
    std::string_view members; ///< calls and other sets, parted by single spaces
};

/// Every set, in the order in which the manual shows them. A set names only sets that stand before it.
std::span<const SyscallSet> syscall_sets();

/// The set with that name, or null.
const SyscallSet* find_syscall_set(std::string_view name);

/// The calls of a set, those of its inner sets included, sorted, none twice. The views last for ever.
std::vector<std::string_view> calls_of(const SyscallSet& set);

struct BaseList {
    std::string_view name; ///< "desktop"
    std::string_view help;
    std::string_view allowed; ///< the set of calls that it lets through; all others that we know are refused
};

std::span<const BaseList> base_lists();

} // namespace resolve
