// New, kept or joined (namespaces(7)).

#include "launcher/resolve/builder.hpp"

namespace resolve {
namespace {

using base::Error;
using base::Result;
using plan::NamespaceMode;

enum class Sharing { never, allowed };

struct Row {
    const char* name;
    profile::Item<std::string> profile::Namespaces::* wish;
    plan::Namespace plan::Namespaces::* place;
    NamespaceMode otherwise;
    Sharing sharing;
    const char* why_never;
};

using W = profile::Namespaces;
using P = plan::Namespaces;
constexpr auto fresh = NamespaceMode::fresh;

const Row rows[] = {
    {"user", &W::user, &P::user, fresh, Sharing::never, "all rights of the set-up come from a user namespace of its own"},
    {"mount", &W::mount, &P::mount, fresh, Sharing::never, "the root is built in a mount namespace of its own"},
    {"pid", &W::pid, &P::pid, fresh, Sharing::never,
     "a /proc of the host inside would show, and let the app reach into, every process of the user"},
    {"ipc", &W::ipc, &P::ipc, fresh, Sharing::allowed, ""},
    {"uts", &W::uts, &P::uts, fresh, Sharing::allowed, ""},
    {"cgroup", &W::cgroup, &P::cgroup, fresh, Sharing::allowed, ""},
    {"net", &W::net, &P::net, fresh, Sharing::allowed, ""},
    // A new one only shifts clocks, which nothing here does.
    {"time", &W::time, &P::time, NamespaceMode::host, Sharing::allowed, ""},
};

Result<plan::Namespace> decide(const Row& row, const profile::Item<std::string>& wish, const profile::Places& places) {
    plan::Namespace space{.mode = row.otherwise, .path = {}, .origin = wish.origin()};
    if (wish.value.empty()) return space;
    if (wish.value == "new") space.mode = NamespaceMode::fresh;
    else if (wish.value == "host") space.mode = NamespaceMode::host;
    else if (wish.value.starts_with('/') || wish.value.starts_with("${")) {
        space.mode = NamespaceMode::join;
        space.path.text = TRY(expanded_path(wish.value, places, wish.origin()));
    } else {
        return Error{.what = "namespaces." + std::string(row.name) + ": unknown value '" + wish.value + "'",
                     .advice = "write \"new\", \"host\", or the path of a namespace", .origin = wish.origin()};
    }
    if (space.mode != NamespaceMode::fresh && row.sharing == Sharing::never)
        return Error{.what = "namespaces." + std::string(row.name) + ": '" + wish.value + "' is not possible",
                     .advice = std::string(row.why_never) + "; write \"new\"", .origin = wish.origin()};
    return space;
}

} // namespace

Result<void> resolve_namespaces(Builder& builder) {
    for (const Row& row : rows)
        builder.plan.namespaces.*row.place = TRY(decide(row, builder.profile.namespaces.*row.wish, builder.places));
    return {};
}

} // namespace resolve
