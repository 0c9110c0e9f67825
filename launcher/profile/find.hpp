#pragma once
// Which app is meant, and which files a name stands for.

#include "launcher/profile/document.hpp"
#include "launcher/profile/file.hpp"
#include "launcher/profile/load.hpp"

#include <optional>
#include <string>
#include <vector>

namespace profile {

/// A file of a folder of profiles, read and parsed.
struct Source {
    Table document;
    std::string path;
    Layer layer = Layer::system;
};

/// The file at `path`; nothing when there is none. Errors: reading, parsing, `schema = 1` missing.
base::Result<std::optional<Source>> open_source(Files& files, const std::string& path, Layer layer);

/// NAME.d/*.toml beside `path` (which ends in ".toml" or not), in byte order.
base::Result<std::vector<Source>> drop_ins(Files& files, const std::string& path, Layer layer);

/// FOLDER/`name`.toml of the strongest folder that has it (`name`: "class/browser", "services/wayland").
base::Result<std::optional<Source>> strongest(Files& files, const std::vector<SearchFolder>& folders, const std::string& name);

/// The id of the app that `wanted` names: an id, else one of [app] names, else the base name of one of [app] exec; for
/// each the strongest layer decides. apps/ID.toml is always the file of ID.
/// Errors: none (with the near match and the folders searched); two apps of one layer that claim the name.
base::Result<std::string> find_app(Files& files, const std::vector<SearchFolder>& folders, const std::string& wanted);

/// All names of files FOLDER/`kind`/NAME.toml ("class", "services"), sorted, none twice.
base::Result<std::vector<std::string>> names_of(Files& files, const std::vector<SearchFolder>& folders, const std::string& kind);

} // namespace profile
