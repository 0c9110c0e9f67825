#pragma once
// The network namespace of the app.

#include "launcher/base/result.hpp"

namespace helper {

/// Sets the loopback interface of this process's network namespace up. Needs CAP_NET_ADMIN in its user namespace.
base::Result<void> loopback_up();

} // namespace helper
