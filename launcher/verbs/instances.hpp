#pragma once
// The verbs on running sandboxes. Each looks the instance up anew and acts through descriptors: its record's lock, its
// supervisor's socket, the app's pidfd, its control group.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> ps_options();
std::span<const OptionRow> kill_options();
std::span<const OptionRow> wait_options();
std::span<const OptionRow> no_options();

base::Result<Outcome> ps(const World& world, const Parsed& parsed);
base::Result<Outcome> state(const World& world, const Parsed& parsed);
base::Result<Outcome> kill(const World& world, const Parsed& parsed);
base::Result<Outcome> wait(const World& world, const Parsed& parsed);
base::Result<Outcome> pause(const World& world, const Parsed& parsed);
base::Result<Outcome> resume(const World& world, const Parsed& parsed);

} // namespace verbs
