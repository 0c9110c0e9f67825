#pragma once
// `integrate`: the sandbox behind the icons. What needs GLib is done by sandbox-desktop (launcher/session); here the profiles
// are read, and what it must know of them is handed over.

#include "launcher/verbs/verb.hpp"

namespace verbs {

std::span<const OptionRow> integrate_options();
base::Result<Outcome> integrate(const World& world, const Parsed& parsed);

} // namespace verbs
