#pragma once
// The outer half: clones the inner one into its namespaces, writes the id maps, and stays until the app has ended.

#include "launcher/base/result.hpp"
#include "helper/receive.hpp"

namespace helper {

/// Runs the Plan. Returns the exit status for the caller: the app's own, or 128+N when signal N ended it.
/// Errors: nothing was started, or what was started is ended; the failure kind of the error picks the status.
base::Result<int> supervise(Start start);

} // namespace helper
