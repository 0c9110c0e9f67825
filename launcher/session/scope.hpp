#pragma once
// Transient scopes of the user's systemd manager (org.freedesktop.systemd1(5)).

#include <gio/gio.h>
#include <string>
#include <utility>
#include <vector>

namespace session {

using Limits = std::vector<std::pair<std::string, std::string>>; ///< cgroup file and value

struct Scope {
    std::string unit;        ///< "app-sandbox-….scope"
    std::string description;
    std::uint32_t pid = 0;   ///< the process that is moved into it
    Limits limits;
    bool oom_policy = false; ///< the manager knows OOMPolicy of scopes
};

/// The properties that systemd has for a limit, added to `properties` (a builder of "a(sv)"); none for a limit that it
/// does not know: the helper writes the file.
void add_limit(GVariantBuilder* properties, const std::string& name, const std::string& value);

/// What can be said before it is known which scope is wanted: asks the manager to tell of its jobs. False: nobody has its
/// name on that bus. It takes the name some milliseconds after the bus began to answer. Whatever else fails is told by what
/// is asked next.
bool subscribe(GDBusConnection* bus);

/// Whether the manager knows OOMPolicy of scopes (systemd 253; an unknown property would make it refuse the whole unit).
bool knows_oom_policy(GDBusConnection* bus);

/// Asks, and waits until the job is done. A unit of that name without processes is what a killed launcher left: it is
/// stopped first. Each of these returns an empty text, or what went wrong.
std::string start(GDBusConnection* bus, const Scope& scope);

/// Other limits for a running scope, until it ends (SetUnitProperties with runtime).
std::string set_limits(GDBusConnection* bus, const std::string& unit, const Limits& limits);

/// Moves a process into the group `leaf` ("/supervisor") of a delegated unit (AttachProcessesToUnit).
std::string attach(GDBusConnection* bus, const std::string& unit, const std::string& leaf, std::uint32_t pid);

/// Ends a scope and waits until it is gone. One that is not there is no error.
std::string stop(GDBusConnection* bus, const std::string& unit);

} // namespace session
