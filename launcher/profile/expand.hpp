#pragma once
// Places: `${DOWNLOADS}` and the like become paths. No shell, no nesting, no default values.

#include "launcher/base/result.hpp"
#include "launcher/profile/profile.hpp"

#include <map>
#include <string>
#include <string_view>

namespace profile {

/// Name → absolute path or text: HOME, DOWNLOADS, DOCUMENTS, RUNTIME, CONFIG, DATA, CACHE, APP, …
using Places = std::map<std::string, std::string, std::less<>>;

/// `text` with every `${NAME}` replaced. Errors: an unknown place (with the near match), an unclosed `${`.
base::Result<std::string> expand(std::string_view text, const Places& places);

/// The grants by their expanded, normalised path. Where two ways of writing name one path, the stronger layer decides.
/// Errors, with the origin of the grant: as expand; a path that is not absolute or holds `..`; one path with two values
/// in one layer (both places are named).
base::Result<Map<FileGrant>> expand_files(const Map<FileGrant>& files, const Places& places);

} // namespace profile
