#pragma once
// The Plan from the launcher.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"

namespace helper {

/// Reads the Plan from a memfd and checks it. Errors: not a memfd with every seal on (it could change between check and
/// use); of plan::decode and plan::check.
base::Result<plan::Plan> receive_plan(const base::UniqueFd& file);

} // namespace helper
