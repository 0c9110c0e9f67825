#pragma once
// What a profile lets an app reach, judged without a host: rows with a weight and a reason. `score` adds them up, `profile
// check` tells those that are too wide, and `profile learn` and `import` never propose what is sensitive.

#include "launcher/base/error.hpp"
#include "launcher/profile/profile.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace profile {

/// A place whose reading alone hurts.
struct Sensitive {
    std::string_view path; ///< with places: "${HOME}/.ssh"
    std::string_view what; ///< "the user's keys for other machines"
};
std::span<const Sensitive> sensitive_places();

/// The row that `path` (with places, or below /home/NAME) is, or lies in; null: it is not sensitive.
const Sensitive* sensitive(std::string_view path);
/// The row that lies in `path`: granting it would grant that.
const Sensitive* holds_sensitive(std::string_view path);

/// A name on the session bus whose owner hands out what is everybody's: null: it is none of these.
struct SensitiveName {
    std::string_view name; ///< "org.kde.kwalletd*": it, or what begins so
    std::string_view what;
};
const SensitiveName* sensitive_name(std::string_view name);

struct Exposure {
    std::string_view name; ///< of the row: "network"
    double weight = 0;     ///< of all rows together, 100
    double part = 0;       ///< how much of it this profile has, 0 to 1
    std::string reason;
    base::Origin origin;   ///< what asks for it; empty: nobody does
};

/// Every row, in their order.
std::vector<Exposure> exposures(const Profile& profile);

/// The sum, from 0 (nothing) to 10 (everything).
double score(std::span<const Exposure> exposures);

/// Grants that an app hardly ever needs as a whole, with what to do instead.
std::vector<base::Error> too_wide(const Profile& profile);

} // namespace profile
