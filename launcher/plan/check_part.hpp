#pragma once
// What the parts of check share. Not for others.

#include "launcher/base/result.hpp"
#include "launcher/plan/plan.hpp"

#include <string>
#include <string_view>

namespace plan {

/// An error of an invariant: what is wrong, with the item's origin.
base::Error refused(std::string what, const base::Origin& origin);

/// `text` in quotes, cut at 200 bytes.
std::string quoted(std::string_view text);

/// Errors: `path` is not absolute or not normalised; `item` says whose path it is.
base::Result<void> check_path(std::string_view item, std::string_view path, const base::Origin& origin);

/// The root and the mounts: targets, sources, bounds, and what each kind needs of the namespaces.
base::Result<void> check_mounts(const Plan& plan);

} // namespace plan
