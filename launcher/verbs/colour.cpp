#include "launcher/verbs/colour.hpp"

#include <unistd.h>

namespace verbs {

std::string coloured(const World& world, const std::string& text, Colour colour) {
    const std::string terminal = variable(world, "TERM");
    if (!variable(world, "NO_COLOR").empty() || terminal.empty() || terminal == "dumb" || isatty(1) != 1) return text;
    const char* code = colour == Colour::green ? "32" : colour == Colour::yellow ? "33" : "31"; // ECMA-48, SGR
    return std::string("\x1b[") + code + "m" + text + "\x1b[0m";
}

} // namespace verbs
