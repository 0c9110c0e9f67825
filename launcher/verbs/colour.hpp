#pragma once
// Colours for people: on a terminal alone, and never when NO_COLOR is set (no-color.org).

#include "launcher/verbs/world.hpp"

#include <string>

namespace verbs {

enum class Colour { green, yellow, red };

/// `text` in a colour, where standard output is a terminal that shows it; else as it is.
std::string coloured(const World& world, const std::string& text, Colour colour);

} // namespace verbs
