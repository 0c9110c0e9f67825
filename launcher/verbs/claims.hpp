#pragma once
// What a Plan claims of an attempt of the probe: that it is refused, or that the profile grants it.

#include "launcher/plan/plan.hpp"

#include <string>

namespace verbs {

/// An attempt, as the probe names it: "call:mount" under the ABI "x86", "abstract:NAME", "read:/path".
struct Attempt {
    std::string key;
    std::string abi; ///< of a system call: "native", "x86", "x32"
};

/// Why the Plan grants it, by the key of the profile that does; empty: it claims that it is refused.
std::string grant_of(const plan::Plan& plan, const Attempt& attempt);

} // namespace verbs
