#pragma once
// All five capability sets (capabilities(7)), by libcap-ng.

#include "launcher/base/result.hpp"

#include <cstdint>

namespace helper {

/// Leaves this process with exactly the capabilities in `kept` (bit N: capability N) in all five sets, and locks the
/// securebits so that no exec and no id 0 gives any back. Errors: what could not be dropped; sets that are not empty
/// afterwards.
base::Result<void> keep_only_capabilities(std::uint64_t kept);

} // namespace helper
