#pragma once
// `events` and `oom`: what befell a running sandbox.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> events_options();
base::Result<Outcome> events(const World& world, const Parsed& parsed);
base::Result<Outcome> oom(const World& world, const Parsed& parsed);

} // namespace verbs
