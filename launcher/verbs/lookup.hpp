#pragma once
// The instance that a verb names.

#include "launcher/instance/record.hpp"
#include "launcher/verbs/verb.hpp"

namespace verbs {

/// All that run. What killed ones left is taken away on the way: records, control groups, and the scopes that only the
/// user's manager can end. Errors: of instance::records; no runtime folder is no error, and nothing runs there.
base::Result<std::vector<instance::Instance>> running_instances(const World& world);

/// By the one word of the verb: an id or the beginning of one, or an app by what `run` knows it by. Errors: none or more words; no
/// runtime folder; none runs by that name, or several do.
base::Result<instance::Instance> find_instance(const World& world, const Parsed& parsed);
base::Result<instance::Instance> find_instance(const World& world, const std::string& name);

/// "created", "running" or "paused".
std::string_view status_of(const plan::State& state);

} // namespace verbs
