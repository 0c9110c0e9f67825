// Who runs what: the ids of app and instance, the host name, the home and the places.

#include "launcher/resolve/builder.hpp"
#include "launcher/resolve/single.hpp"

#include <algorithm>

namespace resolve {
namespace {

using base::Error;
using base::Result;

// What a folder, a unit name and a D-Bus name can hold alike.
bool is_id(std::string_view text, std::size_t limit) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '.' || c == '-';
    };
    return !text.empty() && text.size() <= limit && text[0] != '.' && text[0] != '-' &&
           std::all_of(text.begin(), text.end(), allowed);
}

Error bad_id(std::string_view what, const std::string& text, std::size_t limit, base::Origin origin) {
    return Error{.what = std::string(what) + " '" + text.substr(0, 100) + "' is not allowed",
                 .advice = "use at most " + std::to_string(limit) + " letters, digits, '_', '.' and '-', a letter or digit first",
                 .origin = std::move(origin)};
}

constexpr std::size_t app_limit = 58; // and "-XXXX" of the instance: 63, as a unit name and a host name take them
constexpr std::size_t instance_limit = 63;

Result<void> names(Builder& builder) {
    const auto& id = builder.profile.app.id;
    builder.plan.app = id.value.empty() ? "command" : id.value;
    if (!is_id(builder.plan.app, app_limit)) return bad_id("the application id", id.value, app_limit, id.origin());
    builder.plan.profile = builder.profile.file;
    builder.plan.instance = builder.invocation.instance;
    // One instance of an app has one name: the record that holds it is the lock (instance/record.hpp).
    const auto& single = builder.profile.app.single_instance;
    if (single.value != profile::SingleInstance::new_ && !builder.plan.instance.empty())
        return Error{.what = "'" + builder.plan.app + "' runs once at a time, under a name of its own",
                     .advice = "leave --id out, or add --set 'app.single-instance=\"new\"'", .origin = {.file = "--id"}};
    if (single.value == profile::SingleInstance::join) builder.plan.instance = joined_instance(builder.plan.app);
    if (single.value == profile::SingleInstance::refuse) builder.plan.instance = refused_instance(builder.plan.app);
    if (builder.plan.instance.empty()) builder.plan.instance = builder.plan.app + "-" + builder.host.random_suffix();
    if (!is_id(builder.plan.instance, instance_limit))
        return bad_id("the instance id", builder.plan.instance, instance_limit, {.file = "--id"});
    return {};
}

// hostname(7): letters, digits, '-' and '.'.
Result<void> hostname(Builder& builder) {
    const auto& wish = builder.profile.hostname.name;
    const bool own = builder.profile.namespaces.uts.value.empty() || builder.profile.namespaces.uts.value == "new";
    if (!own) {
        if (wish.set())
            return Error{.what = "the host name cannot be set without a uts namespace of its own",
                         .advice = "remove it, or set namespaces.uts = \"new\"", .origin = wish.origin()};
        return {};
    }
    // The same name at every start: lock files of browsers hold it.
    builder.plan.hostname = wish.value.empty() ? "sandbox" : wish.value;
    const std::string& name = builder.plan.hostname;
    if (name.find('_') != std::string::npos || !is_id(name, 63))
        return Error{.what = "the host name '" + name.substr(0, 100) + "' is not allowed",
                     .advice = "use at most 63 letters, digits, '-' and '.'", .origin = wish.origin()};
    return {};
}

Result<void> home(Builder& builder) {
    const auto& wish = builder.profile.home.path;
    builder.home = builder.user.home.text;
    if (wish.set()) builder.home = TRY(expanded_path(wish.value, builder.places, wish.origin()));
    if (builder.home == "/") builder.home = base::joined("/home", builder.user.name);
    for (const char* system : {"/proc", "/sys", "/dev", "/usr", "/etc", "/run", "/bin", "/lib", "/sbin"})
        if (base::is_below(builder.home, system))
            return Error{.what = "the home cannot be '" + builder.home + "' inside",
                         .advice = "set home.path to a folder outside of " + std::string(system),
                         .origin = wish.origin()};
    return {};
}

} // namespace

std::string joined_instance(const std::string& app) { return app + "-one"; }
std::string refused_instance(const std::string& app) { return app + "-only"; }

Result<void> resolve_identity(Builder& builder) {
    TRY(names(builder));
    TRY(hostname(builder));
    builder.places = places(builder.host, builder.plan.app);
    builder.runtime = "/run/user/" + std::to_string(builder.plan.ids.uid);
    TRY(home(builder));
    return {};
}

} // namespace resolve
