// The user and group inside, and the maps of the user namespace (user_namespaces(7)).

#include "launcher/resolve/builder.hpp"

namespace resolve {
namespace {

using base::Error;
using base::Result;

struct Kind {
    const char* name;     ///< "uid"
    const char* map_name; ///< "uid-map"
};

// (uid_t)-1 means "no change" to the kernel and is no id (CVE-2016-3697 and its kin).
constexpr std::uint32_t no_id = UINT32_MAX;

std::optional<std::uint32_t> inside_of(const std::vector<plan::IdRange>& map, std::uint32_t outside) {
    for (const plan::IdRange& range : map)
        if (outside >= range.outside && outside - range.outside < range.count)
            return range.inside + (outside - range.outside);
    return std::nullopt;
}

bool holds(const std::vector<plan::IdRange>& map, std::uint32_t inside) {
    for (const plan::IdRange& range : map)
        if (inside >= range.inside && inside - range.inside < range.count) return true;
    return false;
}

bool overlap(std::uint64_t a, std::uint64_t b, std::uint64_t a_count, std::uint64_t b_count) {
    return a < b + b_count && b < a + a_count;
}

Result<std::vector<plan::IdRange>> map_of(const Kind& kind, const profile::Item<std::vector<profile::IdRange>>& wish) {
    std::vector<plan::IdRange> map;
    const auto refuse = [&](const profile::IdRange& range, std::string why) {
        return Error{.what = "ids." + std::string(kind.map_name) + ": the range of " + std::to_string(range.count) +
                             " from " + std::to_string(range.inside) + " " + std::move(why),
                     .origin = wish.origin()};
    };
    for (const profile::IdRange& range : wish.value) {
        if (range.count == 0) return refuse(range, "is empty");
        if (range.count > no_id - range.inside || range.count > no_id - range.outside)
            return refuse(range, "goes beyond the last id, 4294967294");
        for (const plan::IdRange& other : map)
            if (overlap(range.inside, other.inside, range.count, other.count) ||
                overlap(range.outside, other.outside, range.count, other.count))
                return refuse(range, "overlaps another");
        map.push_back({range.inside, range.outside, range.count});
    }
    return map;
}

Result<std::uint32_t> decide(const Kind& kind, const profile::Item<std::uint32_t>& wish, std::uint32_t own,
                             std::vector<plan::IdRange>& map) {
    if (wish.set() && wish.value == no_id)
        return Error{.what = "ids." + std::string(kind.name) + ": 4294967295 is no id", .advice = "choose one below it", .origin = wish.origin()};
    if (map.empty()) {
        // One line, which needs no privilege: some id inside is the caller's own outside.
        const std::uint32_t inside = wish.set() ? wish.value : own;
        map.push_back({inside, own, 1});
        return inside;
    }
    const std::uint32_t inside = wish.set() ? wish.value : inside_of(map, own).value_or(map[0].inside);
    if (!holds(map, inside))
        return Error{.what = "ids." + std::string(kind.name) + ": " + std::to_string(inside) + " is not in ids." + kind.map_name,
                     .advice = "add it to the map, or choose one that is there", .origin = wish.origin()};
    return inside;
}

} // namespace

Result<void> resolve_ids(Builder& builder) {
    const profile::Ids& wish = builder.profile.ids;
    plan::Ids& ids = builder.plan.ids;
    ids.uid_map = TRY(map_of({"uid", "uid-map"}, wish.uid_map));
    ids.gid_map = TRY(map_of({"gid", "gid-map"}, wish.gid_map));
    ids.uid = TRY(decide({"uid", "uid-map"}, wish.uid, builder.user.uid, ids.uid_map));
    ids.gid = TRY(decide({"gid", "gid-map"}, wish.gid, builder.user.gid, ids.gid_map));
    ids.origin = wish.uid_map.set() ? wish.uid_map.origin() : wish.uid.origin();
    if (wish.groups.set()) {
        const auto groups = base::value_of<plan::Groups>(wish.groups.value);
        if (!groups)
            return Error{.what = "ids.groups: unknown value '" + wish.groups.value + "'",
                         .advice = "write \"keep\" or \"drop\"", .origin = wish.groups.origin()};
        ids.groups = *groups;
        if (*groups == plan::Groups::drop && !wish.gid_map.set())
            return Error{.what = "ids.groups: groups cannot be dropped with a single group mapped",
                         .advice = "give ids.gid-map a range of your subordinate ids (subgid(5)), or say \"keep\"",
                         .origin = wish.groups.origin()};
    }
    builder.runtime = "/run/user/" + std::to_string(ids.uid);
    builder.inside_places = builder.places;
    auto& inside = builder.inside_places;
    inside["HOME"] = builder.home;
    inside["UID"] = std::to_string(ids.uid);
    inside["RUNTIME"] = builder.runtime;
    // Below the home inside, whatever the caller's own variables say: nothing else is there.
    inside["CONFIG"] = base::joined(builder.home, ".config");
    inside["DATA"] = base::joined(builder.home, ".local/share");
    inside["CACHE"] = base::joined(builder.home, ".cache");
    inside["STATE"] = base::joined(builder.home, ".local/state");
    return {};
}

} // namespace resolve
