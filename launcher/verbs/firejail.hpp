#pragma once
// From a firejail profile (firejail-profile(5)) to one of ours: what it opens is opened by name, what it closes is closed
// already or is told.

#include "launcher/base/result.hpp"
#include "launcher/profile/profile.hpp"

#include <string>
#include <vector>

namespace verbs {

/// A line whose wish has no counterpart here, or a narrower one.
struct NotCarried {
    base::Origin origin;
    std::string what; ///< the line
    std::string why;
};

struct Imported {
    profile::Profile profile;
    std::vector<NotCarried> not_carried;
};

/// Reads the file and the profiles that it includes. Errors: it cannot be read; includes in a circle; a name that cannot be
/// an app's.
base::Result<Imported> import_firejail(const std::string& path);

} // namespace verbs
