#pragma once
// `sandbox exec`: a further process in a running sandbox, under the same confinement.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> exec_options();
base::Result<Outcome> exec(const World& world, const Parsed& parsed);

} // namespace verbs
