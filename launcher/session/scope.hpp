#pragma once
// A transient scope of the user's systemd manager (org.freedesktop.systemd1(5)).

#include <gio/gio.h>
#include <string>
#include <utility>
#include <vector>

namespace session {

struct Scope {
    std::string unit;        ///< "app-sandbox-….scope"
    std::string description;
    std::uint32_t pid = 0;   ///< the process that is moved into it
    std::vector<std::pair<std::string, std::string>> limits; ///< cgroup file and value
};

/// The properties that systemd has for a limit, added to `properties` (a builder of "a(sv)"); none for a limit that it
/// does not know: the helper writes the file.
void add_limit(GVariantBuilder* properties, const std::string& name, const std::string& value);

/// Asks, and waits until the job is done. Returns an empty text, or what went wrong.
std::string start(GDBusConnection* bus, const Scope& scope);

} // namespace session
