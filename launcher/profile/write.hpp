#pragma once
// A merged Profile as one file: every value that anybody set, and nothing that is folded in by name any more.

#include "launcher/profile/profile.hpp"

#include <string>

namespace profile {

/// The text of a profile that, read as a file over `ground`, gives `profile` again: the sets say with "!x" what `ground`
/// has and `profile` has not. Classes are folded in and not named; services are named and their words stand beside them,
/// so that both ways of reading agree. Values keep no origin.
std::string to_toml(const Profile& profile, const Profile& ground);

/// The value of one line of [services].
std::string to_toml(const ServiceWish& wish);

} // namespace profile
