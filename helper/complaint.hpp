#pragma once
// From a report of the inner half to the one sentence that the user reads.

#include "launcher/base/error.hpp"
#include "launcher/plan/plan.hpp"
#include "launcher/plan/report.hpp"

namespace helper {

/// What a report says, by itself.
base::Error sentence(const plan::Report& report);

/// The sentence, with the origin of the item that failed and the knob of the host that would mend it.
base::Error complaint(const plan::Plan& plan, const plan::Report& report);

/// As above, for a failure of the outer half itself.
base::Error complaint(plan::Stage stage, base::Error error);

} // namespace helper
