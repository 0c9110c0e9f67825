#pragma once
// The outer half: clones the inner one into its namespaces, writes the id maps, and stays until the app has ended.

#include "helper/ahead.hpp"
#include "helper/receive.hpp"
#include "launcher/base/result.hpp"

#include <optional>

namespace helper {

/// Runs the Plan, in the sandbox that was built ahead by the same Plan if there is one. Returns the exit status for the caller: the
/// app's own, or 128+N when signal N ended it; then the caller has nothing left to do but to end with it.
/// Errors: nothing was started, or what was started is ended; the failure kind of the error picks the status.
base::Result<int> supervise(Start start, std::optional<Ahead> ahead = {});

} // namespace helper
