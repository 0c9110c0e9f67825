#pragma once
// The inner half: process 1 of the sandbox. It builds the root, enters it, gives up everything, and stays: it reaps,
// forwards signals, and reports how the app ended.

#include "helper/channel.hpp"
#include "helper/exchange.hpp"
#include "launcher/plan/plan.hpp"

namespace helper {

/// The life of process 1, from the clone on. Failures go to the outer half through `channel.inner`; it never returns.
/// With a `target`, the pidfd of a process inside a running sandbox, nothing is built: the namespaces of that process are
/// joined (setns(2) with a pidfd), the Plan's mounts are added to what is there (helper/further.hpp), and a further app is
/// started there, under all that the Plan takes away. `exchange`: the
/// folders of the sidecars.
[[noreturn]] void run_init(const plan::Plan& plan, Channel channel, const base::UniqueFd& target, const Exchange& exchange);

} // namespace helper
