#include "launcher/verbs/measures.hpp"

#include <ctime>

namespace verbs {

std::string bytes(std::uint64_t value) {
    constexpr std::string_view units = "KMGTPE";
    if (value < 1024) return std::to_string(value);
    std::size_t unit = 0;
    std::uint64_t tenths = value / 1024 * 10 + value % 1024 * 10 / 1024;
    for (; tenths >= 10'240; ++unit) tenths /= 1024;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + units[unit];
}

std::string seconds(std::uint64_t microseconds) {
    const std::uint64_t whole = microseconds / 1'000'000;
    if (whole >= 3600) return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
    if (whole >= 60) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
    const std::string part = std::to_string(100 + microseconds / 10'000 % 100);
    return std::to_string(whole) + "." + part.substr(1) + " s";
}

std::string age(std::uint64_t since) {
    const auto now = static_cast<std::uint64_t>(time(nullptr));
    const std::uint64_t seconds = now > since ? now - since : 0;
    if (seconds < 120) return std::to_string(seconds) + "s";
    if (seconds < 7200) return std::to_string(seconds / 60) + "m";
    return seconds < 172'800 ? std::to_string(seconds / 3600) + "h" : std::to_string(seconds / 86'400) + "d";
}

} // namespace verbs
