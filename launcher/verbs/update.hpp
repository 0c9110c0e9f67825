#pragma once
// `update`: other limits for a running sandbox.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> update_options();
base::Result<Outcome> update(const World& world, const Parsed& parsed);

} // namespace verbs
