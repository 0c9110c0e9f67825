#pragma once
// `config`: the whole of what a profile and options come to, as a profile or as an OCI config.json; and back.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> config_options();
base::Result<Outcome> config(const World& world, const Parsed& parsed);

} // namespace verbs
