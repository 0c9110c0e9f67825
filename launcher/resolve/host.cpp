#include "launcher/resolve/host.hpp"

namespace resolve {

std::vector<std::string> names_of(const std::vector<std::string>& environment) {
    std::vector<std::string> names;
    for (const std::string& entry : environment)
        if (const auto end = entry.find('='); end != std::string::npos) names.push_back(entry.substr(0, end));
    return names;
}

std::optional<std::string> value_of(const std::vector<std::string>& environment, std::string_view name) {
    for (const std::string& entry : environment)
        if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name))
            return entry.substr(name.size() + 1);
    return std::nullopt;
}

} // namespace resolve
