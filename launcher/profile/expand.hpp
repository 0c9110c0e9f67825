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

/// The grant that covers `path` most closely, in a map by expanded paths; null: none does.
const Item<FileGrant>* nearest(const Map<FileGrant>& files, std::string_view path);

/// `files` under `ceiling`, both by expanded paths: for every path the smaller of what the two say of it. A path that the
/// ceiling closes below a wider grant gets a grant of its own. What became smaller has the ceiling as its last setting, and
/// is added to `limited`.
Map<FileGrant> bounded_files(Map<FileGrant> files, const Map<FileGrant>& ceiling, std::vector<Limitation>& limited);

} // namespace profile
