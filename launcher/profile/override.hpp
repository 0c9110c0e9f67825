#pragma once
// `--set KEY=VALUE` as one more file of the strongest layer.

#include "launcher/profile/load.hpp"

namespace profile {

/// KEY is a dotted TOML key (`home.mode`, `files."/opt/x"`), VALUE a TOML value; what is none, or does not fit the key
/// as one, is taken as text. Neither can smuggle in a second key (CVE-2022-0811). Errors: as read_profile, with the
/// argument as origin.
base::Result<Profile> read_override(const Override& wish);

} // namespace profile
