#pragma once
// `run` and `explain`: from the command line to a checked Plan.

#include "launcher/verbs/verb.hpp"

namespace verbs {

/// The options of `run`; `explain` takes the same.
std::span<const OptionRow> run_options();

base::Result<Outcome> run(const World& world, const Parsed& parsed);
base::Result<Outcome> explain(const World& world, const Parsed& parsed);

} // namespace verbs
