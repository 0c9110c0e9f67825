// The places that a profile may name, and the reading of texts that hold them.

#include "launcher/base/text.hpp"
#include "launcher/resolve/builder.hpp"

namespace resolve {
namespace {

using base::Error;
using base::Result;

struct UserFolder {
    const char* place;
    const char* key;     ///< in user-dirs.dirs
    const char* default_; ///< below the home, when the file does not say
};

constexpr UserFolder user_folders[] = {
    {"DESKTOP", "XDG_DESKTOP_DIR", "Desktop"},       {"DOCUMENTS", "XDG_DOCUMENTS_DIR", "Documents"},
    {"DOWNLOADS", "XDG_DOWNLOAD_DIR", "Downloads"},  {"MUSIC", "XDG_MUSIC_DIR", "Music"},
    {"PICTURES", "XDG_PICTURES_DIR", "Pictures"},    {"PUBLIC", "XDG_PUBLICSHARE_DIR", "Public"},
    {"TEMPLATES", "XDG_TEMPLATES_DIR", "Templates"}, {"VIDEOS", "XDG_VIDEOS_DIR", "Videos"},
};

// `"$HOME/Bilder"` or `"/srv/pictures"`, as xdg-user-dirs-update(1) writes them; anything else is left to the default.
std::optional<std::string> unquoted(std::string_view value, const std::string& home) {
    if (value.size() < 3 || value.front() != '"' || value.back() != '"') return std::nullopt;
    value = value.substr(1, value.size() - 2);
    std::string text;
    if (value.starts_with("$HOME/")) {
        text = home + "/";
        value.remove_prefix(6);
    }
    for (std::size_t at = 0; at < value.size(); ++at) {
        if (value[at] == '$' || value[at] == '`' || value[at] == '"') return std::nullopt;
        if (value[at] == '\\' && ++at == value.size()) return std::nullopt;
        text += value[at];
    }
    const auto path = base::normalised(text);
    // The home itself means "there is no such folder" in that file; granting the home would be something else.
    if (!path.ok() || path.value() == home) return std::nullopt;
    return path.value();
}

std::string folder_variable(const Host& host, std::string_view name, std::string otherwise) {
    const auto value = host.variable(name);
    if (!value) return otherwise;
    const auto path = base::normalised(*value);
    return path.ok() ? path.value() : otherwise;
}

} // namespace

profile::Places places(const Host& host, std::string_view app) {
    const User user = host.user();
    const std::string& home = user.home.text;
    profile::Places places;
    places["APP"] = std::string(app);
    places["HOME"] = home;
    places["LIBEXEC"] = host.libexec().text;
    places["USER"] = user.name;
    places["UID"] = std::to_string(user.uid);
    places["RUNTIME"] = folder_variable(host, "XDG_RUNTIME_DIR", "/run/user/" + std::to_string(user.uid));
    places["CONFIG"] = folder_variable(host, "XDG_CONFIG_HOME", base::joined(home, ".config"));
    places["DATA"] = folder_variable(host, "XDG_DATA_HOME", base::joined(home, ".local/share"));
    places["CACHE"] = folder_variable(host, "XDG_CACHE_HOME", base::joined(home, ".cache"));
    places["STATE"] = folder_variable(host, "XDG_STATE_HOME", base::joined(home, ".local/state"));
    for (const UserFolder& folder : user_folders) places[folder.place] = base::joined(home, folder.default_);
    const auto file = host.read({base::joined(places["CONFIG"], "user-dirs.dirs")}, 64U << 10);
    if (!file.ok() || !file.value()) return places;
    for (const std::string_view line : base::split(*file.value(), '\n'))
        for (const UserFolder& folder : user_folders) {
            const std::string key = std::string(folder.key) + "=";
            if (!line.starts_with(key)) continue;
            if (const auto path = unquoted(line.substr(key.size()), home)) places[folder.place] = *path;
        }
    return places;
}

Result<std::string> expanded_path(std::string_view text, const profile::Places& places, const base::Origin& origin) {
    auto expanded = profile::expand(text, places);
    if (!expanded.ok()) {
        expanded.error().origin = origin;
        return std::move(expanded).error();
    }
    auto path = base::normalised(expanded.value());
    if (!path.ok()) path.error().origin = origin;
    return path;
}

Result<std::uint64_t> bytes_of(std::string_view text, const base::Origin& origin) {
    std::string_view digits = text;
    unsigned shift = 0;
    if (!digits.empty()) switch (digits.back()) {
        case 'K': shift = 10; break;
        case 'M': shift = 20; break;
        case 'G': shift = 30; break;
        case 'T': shift = 40; break;
        default: break;
        }
    if (shift != 0) digits.remove_suffix(1);
    const auto value = base::whole_number(digits, UINT64_MAX >> shift);
    if (!value)
        return Error{.what = "'" + std::string(text) + "' is no size",
                     .advice = "write a whole number with K, M, G or T, such as \"512M\"", .origin = origin};
    return *value << shift;
}

} // namespace resolve
