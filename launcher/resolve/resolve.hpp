#pragma once
// From Profile to Plan: what is wished becomes what will be done, on this host.

#include "launcher/base/result.hpp"
#include "launcher/plan/plan.hpp"
#include "launcher/profile/expand.hpp"
#include "launcher/profile/profile.hpp"
#include "launcher/resolve/host.hpp"

#include <string>
#include <vector>

namespace resolve {

/// What the command line asks besides the profile.
struct Invocation {
    std::vector<std::string> command;   ///< a command instead of the profile's own; empty: the profile's
    std::vector<std::string> arguments; ///< of the application, appended untouched
    std::string instance;               ///< --id; empty: APPID-XXXX
    std::uint32_t preserved_fds = 0;
    base::Origin origin; ///< "argument 2", for errors about the command
    base::HostPath bus_log; ///< a file that the proxy of the busses tells each message in; empty: none
    bool bus_for_all = false; ///< with bus_log: a proxy wherever there is a session bus, granted or not
};

/// A convenience that is not to be had on this host, to be told in one line; the app starts without it.
struct Warning {
    base::Origin origin;
    std::string text;
};

struct Resolved {
    plan::Plan plan;
    std::vector<Warning> warnings;
};

/// Makes the Plan. Errors carry the origin of the item that cannot be had.
base::Result<Resolved> resolve(const profile::Profile& profile, const Invocation& invocation, Host& host);

/// The places of this host (`${HOME}`, `${DOWNLOADS}` from user-dirs.dirs, …).
profile::Places places(const Host& host, std::string_view app);

} // namespace resolve
