#pragma once
// What one profile says otherwise than another, and in which direction.

#include "launcher/profile/profile.hpp"
#include "launcher/profile/width.hpp"

#include <string>
#include <vector>

namespace profile {

struct Difference {
    std::string key;  ///< as it is written
    std::string from; ///< TOML; empty: not said
    std::string to;
    Width width = Width::same;
    base::Origin origin; ///< who says what is new; where nothing is, who said what is gone
};

/// In the order of the keys. Equal values said by others are no difference.
std::vector<Difference> diff(const Profile& from, const Profile& to);

} // namespace profile
