#pragma once
// From text to one merged Profile: find, parse, fold `extends`, services and drop-ins, merge the layers.

#include "launcher/base/path.hpp"
#include "launcher/base/result.hpp"
#include "launcher/profile/file.hpp"
#include "launcher/profile/profile.hpp"

#include <string>
#include <vector>

namespace profile {

/// One folder of profiles (with apps/, class/, services/ and base.toml below it) and who speaks in it.
struct SearchFolder {
    base::HostPath path;
    Layer layer = Layer::system;
};

/// A key that the command line sets: `--set home.mode=disposable`, or an option that lowers to one (`--net host`).
/// `value` is a TOML value; what is none, or does not fit the key as one, is taken as text. to_toml() of document.hpp makes
/// a TOML string of any text, for a value or for one part of a key.
struct Override {
    std::string key;
    std::string value;
    base::Origin origin; ///< the argument's text, line 0
};

struct Request {
    /// Weakest first: system, administrator, user. Never the current directory.
    std::vector<SearchFolder> folders;
    /// An id, a name, a command's base name ("firefox"), or a file when it holds a '/'.
    std::string profile;
    std::vector<Override> overrides;
};

/// The merged Profile. Nothing on the host is changed. `files` remembers what was read for it.
/// Errors: each with file:line:column where there is one; not found: with the near match and the folders searched.
base::Result<Profile> load(const Request& request, Files& files);
base::Result<Profile> load(const Request& request);

/// What a profile is folded of, with every error instead of the first one: whatever is wrong is left out, and told.
struct Folded {
    Profile profile;
    std::vector<Profile> fragments; ///< as they were laid down, weakest first: files, services, overrides
    std::vector<base::Error> faults;
};
/// Errors: there is no such profile, or no base.toml.
base::Result<Folded> load_all(const Request& request);

/// One row of `profile list`: ids found in the folders, with the file that the strongest layer has.
struct Listed {
    std::string id;
    std::string file;
    Layer layer = Layer::system;
};
base::Result<std::vector<Listed>> list(const std::vector<SearchFolder>& folders);

} // namespace profile
