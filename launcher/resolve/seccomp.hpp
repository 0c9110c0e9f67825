#pragma once
// The system call filter: an allow-list made of a base list and the profile's rules (syscall_sets.hpp,
// seccomp_rule.hpp), compiled for the kernel (filter.hpp). libseccomp gives the numbers of the calls; seccomp.cpp alone
// links it.

#include "launcher/base/result.hpp"
#include "launcher/plan/security.hpp"
#include "launcher/profile/profile.hpp"
#include "launcher/resolve/filter.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace resolve {

struct SeccompFacts {
    plan::Nested user_namespaces = plan::Nested::denied;
};

/// A call of programs of this machine's own kind, as a filter sees it.
struct NativeCall {
    std::uint32_t audit_arch = 0;
    std::uint32_t number = 0;
};
/// Nothing: there is no such call.
std::optional<NativeCall> native_call(std::string_view name);
/// Its name; the number as text where it has none.
std::string call_name(std::uint32_t number);

/// The rules of the profile and their compiled program. Unknown and new calls: ENOSYS; denied ones: EPERM (or the
/// profile's errno); never a kill. Foreign ABIs: ENOSYS for every call, unless asked for.
/// The base list, then allow, then deny: deny wins, and among rules about the arguments of one
/// call those of the profile come before ours. A set in allow never opens what a rule of ours about arguments closes;
/// naming the call does. Base "none" with nothing denied: an empty program.
/// Errors: an unknown base, set, call, architecture or error name, with its origin and the near match; a denied call
/// that the start of the application itself needs (execve, close_range, write, exit, exit_group).
base::Result<plan::Seccomp> seccomp(const profile::Seccomp& wish, const SeccompFacts& facts);

/// Whether this machine's own ABI has a call of that name.
bool is_native_call(std::string_view name);

/// What the program decides about one call of this machine's own ABI.
struct CallDecision {
    std::string name;
    Decision decision;
};

/// The same decisions in words, sorted by name, for whoever writes them down for another tool; calls that are not there
/// are answered with ENOSYS. Empty: no program. Errors: as seccomp.
base::Result<std::vector<CallDecision>> seccomp_decisions(const profile::Seccomp& wish, const SeccompFacts& facts);

} // namespace resolve
