#pragma once
// `score`: what a profile exposes, row by row.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> score_options();
/// Status 1 above --threshold.
base::Result<Outcome> score(const World& world, const Parsed& parsed);

} // namespace verbs
