#pragma once
// The administrator's ceiling: /etc/sandbox/policy.toml, `[max]` of the same schema. Whatever the layers say, the app gets
// no more than this; what holds is the smaller of the two by the row of the key (keys.hpp).

#include "launcher/profile/file.hpp"
#include "launcher/profile/load.hpp"

#include <map>
#include <optional>

namespace profile {

struct Ceiling {
    Profile max;
    std::map<std::string, base::Origin> said; ///< every key of [max]; an empty list is said as well
};

/// policy.toml of the folder of the administrator; nothing when there is none. Errors: as read_profile; a key that cannot
/// be bounded; "!x". A policy that cannot be read stops every start.
base::Result<std::optional<Ceiling>> read_ceiling(Files& files, const std::vector<SearchFolder>& folders);

/// Before the services are folded in: none that the ceiling forbids may say anything.
void bound(Map<ServiceWish>& wishes, const Ceiling& ceiling, std::vector<Limitation>& limited);

/// All the rest. What became smaller has the ceiling as its last setting, and is told in profile.limited. [files] is bounded
/// where places are expanded (bounded_files of expand.hpp): for that the ceiling stays in profile.files_ceiling.
void bound(Profile& profile, const Ceiling& ceiling);

/// `network.mode is limited to "none" by /etc/sandbox/policy.toml:3:1`, for a warning whose origin is the wish.
std::string to_text(const Limitation& limitation);

} // namespace profile
