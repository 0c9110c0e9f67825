// [require]: the services without which nothing is started. What is looked for at the start (displays, sound, agents, portals, busses)
// told by itself why it is not to be had; what a service is by its file alone is looked for here, after all that shows and hides.

#include "launcher/resolve/mount/grant.hpp"

#include <algorithm>

namespace resolve {
namespace {

using base::Error;
using base::Result;
using Reason = std::string; ///< why a service is not to be had; empty: it is

// Masks stand over all other mounts: they are the last.
bool is_masked(const Builder& builder, const std::string& path) {
    const auto& mounts = builder.tree.mounts();
    return std::any_of(mounts.begin(), mounts.end(), [&](const plan::Mount& mount) {
        return std::holds_alternative<plan::Mask>(mount) && base::is_below(path, plan::target_of(mount).text);
    });
}

// One node of any pattern is enough: no host has all.
Result<Reason> no_device(const Builder& builder, const std::string& service) {
    std::string patterns;
    for (const auto& item : builder.profile.devices.nodes) {
        if (!comes_from(item.history, service)) continue;
        const std::string pattern = TRY(expanded_path(item.value, builder.places, item.origin()));
        for (const base::HostPath& node : builder.host.matches(pattern))
            if (builder.tree.has(node.text) && !is_masked(builder, node.text)) return Reason();
        patterns += (patterns.empty() ? "" : ", ") + pattern;
    }
    return patterns.empty() ? Reason() : "there is no device " + patterns;
}

Result<bool> is_shown(const Builder& builder, const std::string& path, const base::Origin& origin) {
    // What cannot be looked at is not shown either: an optional grant of it was left out.
    const auto there = source_at(builder, path, origin);
    if (!there.ok() || !there.value()) return false;
    const auto places = builder.tree.places_of(TRY(led(builder, path, origin)));
    return std::any_of(places.begin(), places.end(), [&](const base::InsidePath& place) { return !is_masked(builder, place.text); });
}

// What may be written is a socket of the service, and each is needed. Files to read are most often a convenience: one of them is
// needed where the service is nothing else.
Result<Reason> no_file(const Builder& builder, const std::string& service, bool by_files_alone) {
    std::string missing;
    bool any = false;
    for (const auto& [path, item] : builder.files) {
        if (!comes_from(item.history, service)) continue;
        const bool shown = TRY(is_shown(builder, path, item.origin()));
        if (item.value.access == profile::FileAccess::rw && !shown) return "'" + path + "' is not there, or not shown";
        any = any || shown;
        if (!shown) missing += (missing.empty() ? "'" : ", '") + path + "'";
    }
    return any || missing.empty() || !by_files_alone ? Reason() : "of " + missing + " none is there, or shown";
}

Result<Reason> absence(const Builder& builder, const std::string& service) {
    const auto looked_for = builder.services.find(service);
    if (looked_for != builder.services.end() && !looked_for->second.empty()) return looked_for->second;
    if (Reason reason = TRY(no_device(builder, service)); !reason.empty()) return reason;
    const auto belongs = [&](const profile::Item<std::string>& item) { return comes_from(item.history, service); };
    const auto& nodes = builder.profile.devices.nodes;
    const auto& etc = builder.profile.root.etc;
    const bool more = looked_for != builder.services.end() || std::any_of(nodes.begin(), nodes.end(), belongs) || std::any_of(etc.begin(), etc.end(), belongs);
    return no_file(builder, service, !more);
}

} // namespace

bool comes_from(const std::vector<profile::Setting>& history, const std::string& service) {
    const std::string file = "/services/" + service + ".toml";
    return std::any_of(history.begin(), history.end(), [&](const profile::Setting& setting) { return setting.origin.file.ends_with(file); });
}

Result<void> resolve_required(Builder& builder) {
    for (const auto& item : builder.profile.require.services) {
        const auto wish = builder.profile.services.find(item.value);
        if (wish == builder.profile.services.end() || !wish->second.value.enabled)
            return Error{.what = "the service '" + item.value + "' is required, and switched off",
                         .advice = "set services." + item.value + " = true, or remove it from [require]", .origin = item.origin()};
        if (const Reason reason = TRY(absence(builder, item.value)); !reason.empty())
            return Error{.what = "the service '" + item.value + "' is required and not to be had: " + reason,
                         .advice = "start it where it is there, or remove it from [require]", .origin = item.origin()};
    }
    return {};
}

} // namespace resolve
