// [mask]: paths inside that are hidden, or read-only, whatever shows them.

#include "launcher/resolve/builder.hpp"

#include <algorithm>

namespace resolve {

using base::Error;
using base::Result;

namespace {

Result<base::InsidePath> target(const Builder& builder, const profile::Item<std::string>& item) {
    base::InsidePath path; // made first: g++ 12 takes a path that TRY gives for uninitialised
    path.text = TRY(expanded_path(item.value, builder.inside_places, item.origin()));
    if (path.text == "/")
        return Error{.what = "the root cannot be masked", .advice = "name the folders in it", .origin = item.origin()};
    return path;
}

// Below something of the host: what is there now must be there to be covered. Elsewhere (/proc, /sys, our own folders)
// a path that is not there has nothing to hide.
plan::Presence presence(const Builder& builder, const base::InsidePath& path) {
    const plan::Mount* ground = builder.tree.ground_of(path.text);
    const auto* bind = ground == nullptr ? nullptr : std::get_if<plan::Bind>(ground);
    if (bind == nullptr || base::is_below(path.text, "/sys")) return plan::Presence::optional;
    if (bind->target == path) return plan::Presence::required;
    const auto found = builder.host.look_beneath(bind->source.path, std::string_view(path.text).substr(bind->target.text.size() + 1));
    return found.ok() && !found.value() ? plan::Presence::optional : plan::Presence::required;
}

// Where user 0 of the host is mapped these are its knobs, capabilities or not: never writable inside, whatever a profile
// takes out of its list. For anybody else the kernel refuses them anyway.
constexpr const char* always_read_only[] = {"/proc/sys", "/proc/sysrq-trigger"};

bool holds_host_root(const Builder& builder) {
    const auto& map = builder.plan.ids.uid_map;
    return std::any_of(map.begin(), map.end(), [](const plan::IdRange& range) { return range.outside == 0; });
}

} // namespace

Result<void> resolve_masks(Builder& builder) {
    for (const auto& item : builder.profile.mask.paths) {
        const auto path = TRY(target(builder, item));
        TRY(builder.tree.restrict(plan::Mask{.target = path, .presence = presence(builder, path), .origin = item.origin()}));
    }
    for (const auto& item : builder.profile.mask.readonly) {
        const auto path = TRY(target(builder, item));
        TRY(builder.tree.restrict(plan::ReadOnly{.target = path, .presence = presence(builder, path), .origin = item.origin()}));
    }
    if (!holds_host_root(builder)) return {};
    for (const char* path : always_read_only) {
        const auto said = [&](const profile::Item<std::string>& item) { return item.value == path; };
        const auto& list = builder.profile.mask.readonly;
        if (std::none_of(list.begin(), list.end(), said)) TRY(builder.tree.restrict(plan::ReadOnly{.target = {path}}));
    }
    return {};
}

} // namespace resolve
