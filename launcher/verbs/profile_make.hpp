#pragma once
// `profile new` and `profile import`: profiles that are made, and written only where none is.

#include "launcher/verbs/verb.hpp"

#include <string>

namespace verbs {

std::span<const OptionRow> new_options();
base::Result<Outcome> profile_new(const World& world, const Parsed& parsed);

std::span<const OptionRow> import_options();
base::Result<Outcome> profile_import(const World& world, const Parsed& parsed);

/// A first profile for a program.
struct NewProfile {
    std::string id;
    std::string program; ///< absolute
    std::string kind;    ///< "class/desktop"
    std::string app;     ///< the table [app]
    std::string shown;   ///< a key of [files], to read: where the program itself lies, if no class shows it
    std::string text;    ///< the file
    std::string warning; ///< the program has a profile already; empty: it has none, or another is asked for by --id or --force
};
/// For `command`, a program with an absolute path or one of $PATH, or a .desktop file by its name in the menus or its path;
/// --class and --id are looked at. Errors: there is no such program, file or class; a name that cannot be an id; with --write, what
/// is else a warning.
base::Result<NewProfile> new_profile(const World& world, const Parsed& parsed, const std::string& command);

/// Puts `text` into the user's apps/ID.toml: whole or not at all (rename(2)). Errors: there is one already, unless `over`.
base::Result<std::string> write_profile(const World& world, const std::string& id, const std::string& text, bool over);

} // namespace verbs
