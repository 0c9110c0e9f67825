#pragma once
// What the type of a value does not say: which names there are, which paths may be written.

#include "launcher/base/result.hpp"
#include "launcher/profile/profile.hpp"

#include <span>
#include <string>
#include <string_view>

namespace profile {

/// "unknown KIND 'NAME'CONTEXT; did you mean …?", or the known ones where nothing is near.
base::Error unknown(std::string_view kind, std::string_view name, std::span<const std::string_view> known,
                    const base::Origin& origin, const std::string& context = "");

/// The key of an entry of the table `table` ([files], [limits], …) as it is stored: paths without `//`, `/./` and a
/// trailing `/`. Errors: a path that is not absolute or holds `..`, a limit that does not exist, an environment
/// variable that cannot be.
base::Result<std::string> checked_key(std::string_view table, const std::string& key, const base::Origin& origin);

/// The sets and texts of one file. Errors, with positions: an id, a name, a path that cannot be one.
base::Result<void> check(const Profile& profile);

/// Whether `name` can be an app's id, a class or a service: letters, digits, `_+.-`, at most 64, no leading `.` or `-`.
bool is_name(std::string_view name);

} // namespace profile
