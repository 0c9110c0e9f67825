#pragma once
// The words of process.seccomp: an item of allow or deny, and the names of errors.

#include "launcher/profile/item.hpp"
#include "launcher/resolve/filter.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resolve {

enum class Effect { allow, deny };

/// "@set", "call", or "call(arg0 == 1, arg2 & 0xf != 0)".
struct SeccompRule {
    std::string name;
    std::vector<Condition> conditions; ///< all must hold; empty: the whole call
};

/// Reads one item. A comparison without a mask must be safe whether the kernel reads that argument as 32 or as 64 bits:
/// allow asks that it holds in both readings, deny that it holds in one. With a mask it is taken as it is written.
/// Errors: not of this form, with what was expected and where; arguments after a set; a comparison that never or always
/// holds.
base::Result<SeccompRule> parse_seccomp_rule(const profile::Item<std::string>& item, Effect effect);

/// The number of an error that a denied call may give ("EPERM"). Errors: not one of the table, with the near match.
base::Result<int> seccomp_errno(const profile::Item<std::string>& name);

} // namespace resolve
