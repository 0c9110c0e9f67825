#pragma once
// What an entry tells of its application, for the profile that `sandbox profile new` makes of it.

#include "launcher/session/desktop.hpp"

namespace session {

/// Words in pairs of a name and a value: "id" (without .desktop), "file" (the name of the file, where it is installed as an
/// entry of a menu), "program", "argument" (each that stands in the command line for every start), "category" (each),
/// "terminal" ("yes").
using Description = std::vector<std::string>;

/// `name`: of an entry of the menus, or the path of a file. Errors: there is none; it is no application; its command line
/// cannot be read in one way only, its program is not installed, or is `sandbox`, the program of this installation.
base::Result<Description> describe(const std::string& name, const std::string& sandbox);

} // namespace session
