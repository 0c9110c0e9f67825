#pragma once
// Presets: what `[services] NAME = …` adds.

#include "launcher/profile/file.hpp"
#include "launcher/profile/load.hpp"

namespace profile {

/// The fragments of the services that are wished, in the order of their names; each wish is completed by the defaults
/// of the options that it does not name. Errors, at the wish: an unknown service, mode or option (with the near match).
base::Result<std::vector<Profile>> load_services(Files& files, const std::vector<SearchFolder>& folders, Map<ServiceWish>& wishes);

/// Errors: [require] names a service that there is not.
base::Result<void> check_required(Files& files, const std::vector<SearchFolder>& folders, const Profile& profile);

} // namespace profile
