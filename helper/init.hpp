#pragma once
// The inner half: process 1 of the sandbox. It builds the root, enters it, gives up everything, and stays: it reaps,
// forwards signals, and reports how the app ended.

#include "helper/channel.hpp"
#include "launcher/plan/plan.hpp"

namespace helper {

/// The life of process 1, from the clone on. Failures go to the outer half through `channel.inner`; it never returns.
[[noreturn]] void run_init(const plan::Plan& plan, Channel channel);

} // namespace helper
