#pragma once
// `selftest`: attacks from inside, on this machine, against what the Plan claims.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> selftest_options();

/// The status is 0 when everything that the Plan claims to be refused was, else 1. Errors: the sandbox did not start, or
/// its probe did not come to its end.
base::Result<Outcome> selftest(const World& world, const Parsed& parsed);

} // namespace verbs
