#pragma once
// `profile learn`: runs an app, watches what it uses, proposes the smallest profile, tries that, and writes it only then.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> learn_options();
/// Status 1: the app did not run alike under the proposal.
base::Result<Outcome> profile_learn(const World& world, const Parsed& parsed);

} // namespace verbs
