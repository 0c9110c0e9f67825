#pragma once
// One limit by its key in [limits], for a start and for `update`.

#include "launcher/base/result.hpp"
#include "launcher/plan/limits.hpp"
#include "launcher/profile/item.hpp"

#include <string>

namespace resolve {

/// `name` is the key ("memory.max", "oom.group"). Errors: an unknown key, with the near match; a value that is none of it.
base::Result<plan::Limit> limit_of(const std::string& name, const profile::Item<std::string>& item);

} // namespace resolve
