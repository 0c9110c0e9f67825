#pragma once
// The instance that a verb names.

#include "launcher/instance/record.hpp"
#include "launcher/verbs/verb.hpp"

namespace verbs {

/// By the one word of the verb: an id or the beginning of one. Errors: none or more words; no runtime folder; none runs
/// by that name, or several do.
base::Result<instance::Instance> find_instance(const World& world, const Parsed& parsed);
base::Result<instance::Instance> find_instance(const World& world, const std::string& name);

} // namespace verbs
