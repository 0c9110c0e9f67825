// The environment of the app: nothing is inherited but what [env] keeps by name.

#include "launcher/resolve/builder.hpp"

#include <algorithm>
#include <fnmatch.h>

namespace resolve {
namespace {

using base::Error;
using base::Result;

bool is_name(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && letter(name[0]) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

bool fits(const std::string& pattern, const std::string& name) {
    return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

// Never handed on, even by "*": what makes programs load code, what holds secrets, and the way to the host's busses.
constexpr const char* never_kept[] = {
    "LD_*",       "GCONV_PATH", "GETCONF_DIR", "HOSTALIASES",   "LOCPATH",   "NLSPATH",   "GIO_*MODULE*",
    "GTK*MODULE*", "GTK_PATH", "QT_PLUGIN_PATH", "*_TOKEN",    "*_SECRET",  "*_PASSWORD", "*_PASSPHRASE",
    "*_KEY",  "*_PASS", "*SECRET*", "*_AUTH", "*_COOKIE", "*_CREDENTIALS", "DBUS_*",   "SSH_AUTH_SOCK", "GPG_AGENT_INFO", "XDG_RUNTIME_DIR", "XAUTHORITY",
    "DISPLAY",    "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "BASH_ENV", "ENV",    "BASH_FUNC_*", "PERL5*", "PYTHON*", "RUBY*",
};

// What a pattern above takes for more than it is: a token of the compositor for this one start, and the name of one of GTK's own modules for input,
// which is looked for where the system has them.
constexpr std::string_view harmless[] = {"XDG_ACTIVATION_TOKEN", "GTK_IM_MODULE"};

void keep(Builder& builder) {
    for (const std::string& name : builder.host.variables()) {
        const bool never = std::find(std::begin(harmless), std::end(harmless), name) == std::end(harmless) &&
                           std::any_of(std::begin(never_kept), std::end(never_kept),
                                       [&](const char* pattern) { return fits(pattern, name); });
        if (never || !is_name(name)) continue;
        const auto& patterns = builder.profile.env.keep;
        if (!std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) { return fits(pattern.value, name); })) continue;
        if (auto value = builder.host.variable(name)) builder.environment.insert_or_assign(name, std::move(*value));
    }
}

Result<void> set(Builder& builder) {
    for (const auto& [name, item] : builder.profile.env.set) {
        if (!is_name(name))
            return Error{.what = "'" + name + "' is no name of a variable",
                         .advice = "use letters, digits and '_', no digit first", .origin = item.origin()};
        auto value = profile::expand(item.value, builder.inside_places);
        if (!value.ok()) {
            value.error().origin = item.origin();
            return std::move(value).error();
        }
        if (value.value().find('\0') != std::string::npos)
            return Error{.what = "the value of the variable '" + name + "' holds a NUL byte", .advice = "take it out", .origin = item.origin()};
        builder.environment.insert_or_assign(name, std::move(value).value());
    }
    return {};
}

} // namespace

Result<void> resolve_environment(Builder& builder) {
    auto services = std::move(builder.environment);
    const std::string& name = builder.user.name;
    builder.environment = {
        {"HOME", builder.home},
        {"USER", name},
        {"LOGNAME", name},
        {"SHELL", "/bin/sh"},
        {"PWD", builder.plan.process.cwd.text},
        {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/games:/usr/games"},
        {"XDG_RUNTIME_DIR", builder.runtime},
        // Without these GLib starts a stray bus by itself, and GTK looks for the bus of assistive tools.
        {"DBUS_SESSION_BUS_ADDRESS", "disabled:"},
        {"NO_AT_BRIDGE", "1"},
    };
    keep(builder);
    for (auto& [key, value] : services) builder.environment.insert_or_assign(key, std::move(value));
    // A home of another name would be told by what the caller exports.
    builder.environment["HOME"] = builder.home;
    TRY(set(builder));
    for (const auto& pattern : builder.profile.env.unset)
        std::erase_if(builder.environment, [&](const auto& entry) { return fits(pattern.value, entry.first); });
    for (const auto& [key, value] : builder.environment) builder.plan.process.environment.push_back(key + "=" + value);
    return {};
}

} // namespace resolve
