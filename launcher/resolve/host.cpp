#include "launcher/resolve/host.hpp"

namespace resolve {

std::optional<std::string> Host::variable(std::string_view name) const {
    for (const std::string& entry : environment())
        if (entry.size() > name.size() && entry[name.size()] == '=' && entry.starts_with(name))
            return entry.substr(name.size() + 1);
    return std::nullopt;
}

} // namespace resolve
