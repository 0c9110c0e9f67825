#pragma once
// The files of profiles, as bytes. A file is opened once and read through that descriptor.

#include "launcher/base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace profile {

/// The bytes of the profile at `path`; nothing when there is no such file. Never waits on a pipe or a device.
/// Errors: not a regular file, larger than file_limit, unreadable.
base::Result<std::optional<std::string>> read_file(const std::string& path);

/// The names in `folder` that end in ".toml", without that ending, in byte order; none when there is no such folder.
/// Hidden files and an editor's backups are not profiles. Errors: a folder that cannot be read.
base::Result<std::vector<std::string>> names_in(const std::string& folder);

} // namespace profile
