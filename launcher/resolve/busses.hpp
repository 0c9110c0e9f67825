#pragma once
// The busses of the host, as far as [dbus.*] opens them (D-Bus Specification; xdg-dbus-proxy(1)).

#include "launcher/resolve/builder.hpp"

#include <string>
#include <string_view>

namespace resolve {

/// Adds the proxy to the sidecars and its sockets to the mounts, for each bus that a rule speaks of. A bus that is not
/// there is told in a warning, and the app runs without. Errors: a rule that would be a way out of the sandbox.
base::Result<void> offer_busses(Builder& builder);

/// Whether a rule for `rule` speaks of `name`: itself, or with `.*` at its end all that is below.
bool covers_name(std::string_view rule, std::string_view name);

/// Why nobody may talk to `name` as a whole: its owner runs programs outside, or opens the whole bus. Null: somebody may.
const char* way_out(std::string_view name);

/// The rules of a Plan's bus proxy, read back from what it is started with. Of the services' own it has what they became.
profile::Dbus recorded_rules(const plan::Plan& plan);

/// The app's id as the portals take one: its own, or one that is made of it.
std::string portal_id(const std::string& app);

/// The file by which xdg-desktop-portal knows the app: /.flatpak-info of the proxy's root, and of the app's own.
std::string flatpak_info(const plan::Plan& plan);

} // namespace resolve
