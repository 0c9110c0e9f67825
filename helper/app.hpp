#pragma once
// The process that becomes the app. It exists early: while init builds the root, it makes the network namespace and gives
// up what it may not keep; then it waits at the gate, and goes on inside.

#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"

namespace helper {

/// What goes through the gate, one byte each.
enum class Gate : char { maps_written = 'm', early_done = 'e', root_entered = 'r', go = 'g' };

/// Of an app that comes into a sandbox: its parent stands outside of the pid namespace.
struct Guest {
    bool is = false;
    const base::UniqueFd* terminal = nullptr; ///< the inner end of its terminal; null: none is wanted
};
/// The life of that process up to its exec. A failure is reported on `channel` (the inner end); it never returns.
[[noreturn]] void become_app(const plan::Plan& plan, const base::UniqueFd& channel, const base::UniqueFd& gate, Guest guest);

/// Whether the network namespace must exist before the app's process does: a sidecar, /sys or a key of it needs it.
/// Otherwise the app's process makes it, beside the mounts: it is the dearest of all namespaces.
bool network_first(const plan::Plan& plan);

} // namespace helper
