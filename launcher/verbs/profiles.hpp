#pragma once
// `profile`: the profiles themselves.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> profile_options();
base::Result<Outcome> profiles(const World& world, const Parsed& parsed);

} // namespace verbs
