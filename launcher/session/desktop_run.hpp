#pragma once
// The three things that `sandbox integrate` does. Each goes through all that it was asked for, whatever fails on the way.

#include "launcher/session/desktop_record.hpp"

namespace session {

struct Asked {
    std::string sandbox; ///< the program's absolute path
    std::vector<App> apps;
    bool named = false;  ///< the apps were named one by one, rather than all that there are
};

struct Told {
    std::vector<std::string> lines;  ///< what was done or found
    std::vector<std::string> errors; ///< what could not be done
    std::vector<std::string> warnings{}; ///< what was done already, or need not be
};

/// Wraps the entries of each app: of menus those that its profile names, of autostart and of the bus those that start it.
Told integrate(const Asked& asked);

/// Takes the wrappers of these apps back, or of all.
Told undo(const Asked& asked);

/// Every way that still starts an integrated app outside: a line each.
Told check(const Asked& asked);

} // namespace session
