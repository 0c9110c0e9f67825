#pragma once
// The network namespace of the app.

#include "launcher/base/result.hpp"
#include "launcher/plan/network.hpp"

namespace helper {

/// Sets the loopback interface of this process's network namespace up. Needs CAP_NET_ADMIN in its user namespace.
base::Result<void> loopback_up();

/// Adds a route to this process's network namespace (rtnetlink(7), RTM_NEWROUTE), through the one interface beside the loopback.
/// Needs CAP_NET_ADMIN. Errors: there is no such interface; EEXIST; ENETUNREACH, EHOSTUNREACH, EINVAL: a gateway that is not on the link.
base::Result<void> add_route(const plan::Route& route);

} // namespace helper
