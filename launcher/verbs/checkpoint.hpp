#pragma once
// `checkpoint` and `restore`: they say what this host lacks for them. Neither changes anything yet.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> checkpoint_options();
std::span<const OptionRow> restore_options();
base::Result<Outcome> checkpoint(const World& world, const Parsed& parsed);
base::Result<Outcome> restore(const World& world, const Parsed& parsed);

} // namespace verbs
