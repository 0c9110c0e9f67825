#pragma once
// Folding one layer, or one file of it, over what is there.

#include "launcher/profile/profile.hpp"

namespace profile {

/// Lays `over` onto `into`: a scalar that `over` sets replaces, a table goes key by key, a set grows by what `over`
/// holds and loses x where it holds "!x". Every value keeps the history of all who set it. A grant of [files] is one
/// value and replaced whole; a service that is tuned by a table keeps the options that the table does not name.
void merge(Profile& into, const Profile& over);

/// The same for one part.
void merge(Map<ServiceWish>& into, const Map<ServiceWish>& over);

} // namespace profile
