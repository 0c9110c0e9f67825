#include "launcher/profile/check.hpp"

#include "launcher/base/path.hpp"
#include "launcher/base/text.hpp"

#include <algorithm>
#include <array>

namespace profile {
namespace {

using base::Error;
using base::Result;

constexpr std::array<std::string_view, 12> limit_names{"memory.max", "memory.high", "memory.low", "memory.swap.max",
                                                       "cpu.max",    "cpu.weight",  "pids.max",   "io.weight",
                                                       "io.max",     "cpuset.cpus", "oom.group",  "required"};

// getrlimit(2)
constexpr std::array<std::string_view, 16> rlimit_names{"cpu",      "fsize",  "data",    "stack", "core",  "rss",
                                                        "nproc",    "nofile", "memlock", "as",    "locks", "sigpending",
                                                        "msgqueue", "nice",   "rtprio",  "rttime"};

bool consists_of(std::string_view text, std::string_view extra) {
    return std::all_of(text.begin(), text.end(), [&](char byte) {
        return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
               extra.find(byte) != std::string_view::npos;
    });
}

bool is_variable(std::string_view name) {
    return !name.empty() && name.size() <= 256 && consists_of(name, "_") && !(name[0] >= '0' && name[0] <= '9');
}

// A path that may begin with a place: `/x` or `${HOME}/x`. Comes back without `//`, `/./` and a trailing `/`.
Result<std::string> path_with_places(const std::string& path) {
    if (path.starts_with("~"))
        return Error{.what = "path '" + path + "' begins with '~'", .advice = "write '${HOME}" + path.substr(1) + "'"};
    if (path.starts_with("$HOME"))
        return Error{.what = "path '" + path + "' names a variable as a shell does", .advice = "write '${HOME}" + path.substr(5) + "'"};
    if (!path.starts_with("${")) return base::normalised(path);
    const auto close = path.find('}');
    if (close == std::string::npos) return Error{.what = "'" + path + "' has no closing '}'", .advice = "as \"${HOME}/notes\""};
    const std::string place = path.substr(0, close + 1);
    const std::string rest = path.substr(close + 1);
    if (rest.empty()) return place;
    if (rest[0] != '/') return Error{.what = "path '" + path + "' needs a '/' behind '" + place + "'"};
    const std::string below = TRY(base::normalised(rest));
    return below == "/" ? place : place + below;
}

Result<std::string> at(Result<std::string> result, const base::Origin& origin) {
    if (!result.ok()) result.error().origin = origin;
    return result;
}

// The forms that a text of a set may have; `wanted` ends the error's sentence.
struct Form {
    bool (*fits)(const std::string& text);
    std::string_view wanted;
};

constexpr Form command_name{[](const std::string& text) { return is_name(text); },
                            "a name of letters, digits and '_+.-'"};
constexpr Form absolute{[](const std::string& text) { return path_with_places(text).ok(); },
                        "an absolute path without '..'"};
constexpr Form below_home{[](const std::string& text) {
                              return text[0] != '/' && text[0] != '~' && base::normalised("/" + text).ok() &&
                                     base::normalised("/" + text).value() != "/";
                          },
                          "a path below the home, without '..'"};
constexpr Form device{[](const std::string& text) {
                          const auto path = base::normalised(text);
                          return path.ok() && path.value().starts_with("/dev/");
                      },
                      "a path below /dev"};
constexpr Form variable_glob{[](const std::string& text) { return text.size() <= 256 && consists_of(text, "_*?"); },
                             "a variable's name, or a glob of '*' and '?'"};
constexpr Form desktop_file{
    [](const std::string& text) { return text.ends_with(".desktop") && text.find('/') == std::string::npos; },
    "the name of a .desktop file"};

Result<void> check_set(const char* key, const Set& set, const Form& form) {
    for (const Item<std::string>& item : set) {
        const std::string text = item.value.substr(item.value.starts_with('!') ? 1 : 0);
        if (!form.fits(text))
            return Error{.what = std::string("'") + key + "': expected " + std::string(form.wanted) + ", found '" +
                                 item.value + "'",
                         .origin = item.origin()};
    }
    return {};
}

// The words of a rule become words of the proxy's command line: what they may be made of is told here, once.
// D-Bus Specification, "Valid Names" and "Valid Object Paths".
bool is_element(std::string_view text, std::string_view extra) {
    return !text.empty() && consists_of(text, extra) && !(text[0] >= '0' && text[0] <= '9');
}

bool is_bus_name(std::string_view name) {
    const bool many = name.ends_with(".*"); // "org.*" too: a ceiling is as wide as it wants
    if (many) name.remove_suffix(2);
    const auto parts = base::split(name, '.');
    return !name.empty() && name.size() <= 255 && parts.size() >= (many ? 1U : 2U) && name[0] != '-' &&
           std::all_of(parts.begin(), parts.end(), [](std::string_view part) { return is_element(part, "_-"); });
}

bool is_object_path(std::string_view path) {
    if (path == "/" || path == "/*") return true;
    if (path.ends_with("/*")) path.remove_suffix(2);
    const auto parts = base::split(path.substr(path.empty() ? 0 : 1), '/');
    return path.starts_with('/') && path.size() <= 1024 &&
           std::all_of(parts.begin(), parts.end(), [](std::string_view part) { return !part.empty() && consists_of(part, "_"); });
}

// "*", "org.x.Iface.*", "org.x.Iface.Method", each perhaps with "@/path" or "@/path/*".
bool is_member_rule(const std::string& rule) {
    const auto at = rule.find('@');
    if (at != std::string::npos && !is_object_path(std::string_view(rule).substr(at + 1))) return false;
    std::string_view member = std::string_view(rule).substr(0, at);
    if (member == "*") return true;
    if (member.ends_with(".*")) member.remove_suffix(2);
    const auto parts = base::split(member, '.');
    return member.size() <= 511 && parts.size() >= 2 &&
           std::all_of(parts.begin(), parts.end(), [](std::string_view part) { return is_element(part, "_"); });
}

Result<void> check_bus(const char* bus, const Map<BusRule>& rules) {
    for (const auto& [name, item] : rules) {
        if (!is_bus_name(name))
            return Error{.what = "'dbus." + std::string(bus) + "': '" + name.substr(0, 100) + "' is no name on a bus",
                         .advice = "write a name as \"org.example.App\", or \"org.example.App.*\" for all that begin with it",
                         .origin = item.origin()};
        if (item.value.access == BusAccess::own_private && bus != std::string_view("session"))
            return Error{.what = "'dbus." + std::string(bus) + "': \"own-private\" has a meaning on the session bus only",
                         .advice = "write \"own\" or leave '" + name + "' out", .origin = item.origin()};
        for (const auto* list : {&item.value.call, &item.value.broadcast})
            for (const std::string& rule : *list)
                if (!is_member_rule(rule))
                    return Error{.what = "'dbus." + std::string(bus) + "': '" + rule.substr(0, 100) + "' is no rule for '" + name + "'",
                                 .advice = "write \"org.example.Interface.Method\", \"org.example.Interface.*\" or \"*\", with \"@/a/path\" behind it or not",
                                 .origin = item.origin()};
    }
    return {};
}

Result<void> check_limits(const Map<std::string>& limits) {
    for (const auto& [name, item] : limits) {
        const bool boolean = item.value == "true" || item.value == "false";
        const bool either = name == "oom.group"; // the kernel's file has 0 and 1
        const bool wants = name == "required";
        if (either || boolean == wants || (wants && item.value == "off")) continue;
        return Error{.what = "'" + name + "': expected " + (boolean ? "a number or text" : "true or false") +
                             ", found '" + item.value + "'",
                     .origin = item.origin()};
    }
    return {};
}

} // namespace

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && consists_of(name, "_+.-") && name[0] != '.' && name[0] != '-';
}

Error unknown(std::string_view kind, std::string_view name, std::span<const std::string_view> known,
              const base::Origin& origin, const std::string& context) {
    std::string advice = base::did_you_mean(name, known);
    if (advice.empty() && known.size() <= 8)
        for (const std::string_view each : known)
            advice += (advice.empty() ? "there is " : ", ") + std::string("'") + std::string(each) + "'";
    return Error{.what = "unknown " + std::string(kind) + " '" + std::string(name) + "'" + context,
                 .advice = std::move(advice),
                 .origin = origin};
}

Result<std::string> checked_key(std::string_view table, const std::string& key, const base::Origin& origin) {
    if (table == "files") return at(path_with_places(key), origin);
    if (table == "limits" && std::find(limit_names.begin(), limit_names.end(), key) == limit_names.end())
        return unknown("limit", key, limit_names, origin);
    if (table == "rlimits" && std::find(rlimit_names.begin(), rlimit_names.end(), key) == rlimit_names.end())
        return unknown("resource limit", key, rlimit_names, origin);
    if (table == "set" && !is_variable(key))
        return Error{.what = "'" + key + "' cannot be the name of an environment variable", .advice = "letters, digits and _, and no digit first", .origin = origin};
    return key;
}

Result<void> check(const Profile& profile) {
    if (profile.app.id.set() && !is_name(profile.app.id.value))
        return Error{.what = "'id': expected " + std::string(command_name.wanted) + ", found '" + profile.app.id.value +
                             "'",
                     .origin = profile.app.id.origin()};
    TRY(check_set("names", profile.app.names, command_name));
    TRY(check_set("exec", profile.app.exec, absolute));
    TRY(check_set("desktop", profile.app.desktop, desktop_file));
    TRY(check_set("persist", profile.home.persist, below_home));
    TRY(check_set("paths", profile.mask.paths, absolute));
    TRY(check_set("readonly", profile.mask.readonly, absolute));
    TRY(check_set("nodes", profile.devices.nodes, device));
    TRY(check_set("keep", profile.env.keep, variable_glob));
    TRY(check_set("unset", profile.env.unset, variable_glob));
    TRY(check_bus("session", profile.dbus.session));
    TRY(check_bus("system", profile.dbus.system));
    TRY(check_bus("a11y", profile.dbus.a11y));
    return check_limits(profile.limits);
}

} // namespace profile
