#include "launcher/base/text.hpp"
#include "launcher/verbs/record.hpp"

#include <algorithm>

namespace verbs {
namespace {

constexpr std::size_t most_names = 1000;

// D-Bus Specification, "Bus names"; unique names are nobody's to grant, and the bus itself is always there.
bool is_grantable(std::string_view name) {
    return name.size() <= 255 && name.find('.') != std::string_view::npos && name[0] != '.' && name[0] != ':' && name != "org.freedesktop.DBus" &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
           });
}

std::string_view between(std::string_view line, std::string_view before, std::string_view after) {
    const auto begin = line.find(before);
    if (begin == std::string_view::npos) return {};
    line.remove_prefix(begin + before.size());
    return line.substr(0, line.find(after));
}

} // namespace

// C5: -> org.example.Name call org.example.Name.Method at /path
// *HIDDEN* (ping)
// Filtering message due to arg0 org.example.Name, policy: 0 (required 3)
std::map<std::string, Use> read_bus_log(std::string_view text) {
    std::map<std::string, Use> names;
    Use* called = nullptr;
    const auto kept = [&](std::string_view name) -> Use* { return is_grantable(name) && (names.size() < most_names || names.contains(std::string(name))) ? &names[std::string(name)] : nullptr; };
    for (const std::string_view line : base::split(text, '\n')) {
        if (line.starts_with("C") && line.find(": -> ") < 12) {
            called = line.find(" call ") == std::string_view::npos ? nullptr : kept(between(line, ": -> ", " "));
            if (called) called->read = true;
        } else if (called && (line.starts_with("*HIDDEN*") || line.starts_with("*DENIED*"))) {
            called->refused = true;
        } else if (line.starts_with("Filtering message due to arg0 ")) {
            Use* use = kept(between(line, " arg0 ", ","));
            if (!use) continue;
            use->refused = true;
            if (line.find("(required 3)") != std::string_view::npos) use->written = use->refused_write = true;
        }
    }
    return names;
}

} // namespace verbs
