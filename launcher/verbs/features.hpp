#pragma once
// `features`: what this program can do, whatever the host allows.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> features_options();
base::Result<Outcome> features(const World& world, const Parsed& parsed);

} // namespace verbs
