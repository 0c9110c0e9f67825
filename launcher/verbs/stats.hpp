#pragma once
// `stats` and `top`: the figures of running sandboxes.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> stats_options();
std::span<const OptionRow> top_options();
base::Result<Outcome> stats(const World& world, const Parsed& parsed);
base::Result<Outcome> top(const World& world, const Parsed& parsed);

} // namespace verbs
