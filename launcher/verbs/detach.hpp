#pragma once
// `run --detach`: a start in a process of its own, which is waited for until the app runs.

#include "launcher/verbs/verb.hpp"

namespace verbs {

/// In the caller: the id of the instance once its app runs, or the status of the start that failed and has told why. In the
/// new process, a session of its own that ends with the caller until then: what `start` returns. Errors: options that make
/// no sense without a caller; of pipe2(2) and fork(2).
base::Result<Outcome> detach(const World& world, const Parsed& parsed, base::Result<Outcome> (*start)(const World&, const Parsed&));

} // namespace verbs
