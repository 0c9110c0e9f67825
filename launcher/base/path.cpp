#include "launcher/base/path.hpp"

#include "launcher/base/text.hpp"

#include <climits>

namespace base {

Result<std::string> normalised(std::string_view path) {
    const auto refuse = [&](std::string reason) {
        return Error{.what = "path '" + std::string(path.substr(0, 200)) + "' " + std::move(reason)};
    };
    if (path.find('\0') != std::string_view::npos) return refuse("holds a NUL byte");
    if (path.empty() || path[0] != '/') return refuse("is not absolute");
    std::string out;
    for (const std::string_view part : split(path.substr(1), '/')) {
        if (part.empty() || part == ".") continue;
        if (part == "..") return refuse("holds '..'");
        if (part.size() > NAME_MAX) return refuse("has a part of more than 255 bytes");
        out += '/';
        out += part;
    }
    if (out.empty()) out = "/";
    if (out.size() >= PATH_MAX) return refuse("is longer than 4095 bytes");
    return out;
}

bool is_below(std::string_view path, std::string_view folder) {
    if (folder == "/") return true;
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

std::string_view parent_of(std::string_view path) {
    const auto at = path.rfind('/');
    return at == 0 || at == std::string_view::npos ? path.substr(0, 1) : path.substr(0, at);
}

std::string_view name_in(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

std::string joined(std::string_view folder, std::string_view name) {
    std::string out(folder);
    if (!out.ends_with('/')) out += '/';
    return out += name;
}

} // namespace base
