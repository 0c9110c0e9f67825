// [files]: paths of the user's, granted or denied. Keyed by path, so that the order of lines never matters: each grant is
// a mount, the deeper over the shallower.

#include "launcher/profile/ceiling.hpp"
#include "launcher/resolve/mount/grant.hpp"

#include <algorithm>
#include <cerrno>

namespace resolve {
namespace {

using base::Error;
using base::HostPath;
using base::Result;
using plan::Access;
using plan::Execution;
using profile::FileAccess;
using profile::FileGrant;

struct Wish {
    std::string path;   ///< on the host
    std::string target; ///< inside
    FileGrant grant;
    base::Origin origin;
};

// By target, parents before children.
Result<std::vector<Wish>> collect(const Builder& builder) {
    std::vector<Wish> wishes;
    for (const auto& [path, item] : builder.files) {
        Wish wish{path, inside_of(builder, path), item.value, item.origin()};
        if (!item.value.target.empty())
            wish.target = TRY(expanded_path(item.value.target, builder.inside_places, wish.origin));
        wishes.push_back(std::move(wish));
    }
    std::stable_sort(wishes.begin(), wishes.end(), [](const Wish& a, const Wish& b) { return a.target < b.target; });
    return wishes;
}

// What the app, or an earlier run of it, may have filled with links: known before any link is followed.
void note_writable(Builder& builder, const std::vector<Wish>& wishes) {
    for (const Wish& wish : wishes) {
        if (wish.grant.access != FileAccess::rw) continue;
        builder.writable.push_back({wish.path});
        const auto found = builder.host.look({wish.path}, FollowLinks::yes);
        if (found.ok() && found.value()) builder.writable.push_back(found.value()->path);
    }
}

// create = true: only in the user's own home, and never in what an app may write.
Result<plan::Source> make_folder(Builder& builder, const Wish& wish) {
    const HostPath end = TRY(led(builder, wish.path, wish.origin));
    const HostPath& home = builder.user.home;
    const auto in_writable = [&](const HostPath& folder) {
        return end.text != folder.text && wish.path != folder.text && base::is_below(end.text, folder.text);
    };
    if (wish.path == home.text || !base::is_below(wish.path, home.text) ||
        std::any_of(builder.writable.begin(), builder.writable.end(), in_writable))
        return Error{.what = "'" + wish.path + "' is not there, and is made only below the home and outside of what an app may write",
                     .advice = "make it yourself", .origin = wish.origin};
    auto made = builder.host.own_folder(home, wish.path.substr(home.text == "/" ? 1 : home.text.size() + 1));
    if (!made.ok()) made.error().origin = wish.origin;
    return made;
}

// Nothing: it is not there, and may be missing.
Result<std::optional<plan::Source>> find(Builder& builder, const Wish& wish) {
    auto found = source_at(builder, wish.path, wish.origin);
    // What cannot even be looked at cannot be granted either.
    if (!found.ok() && found.error().code == EACCES && wish.grant.optional) return std::optional<plan::Source>{};
    if (!found.ok() || found.value()) return found;
    if (wish.grant.create) return std::optional(TRY(make_folder(builder, wish)));
    if (wish.grant.optional) return found;
    return Error{.what = "'" + wish.path + "' is not there", .advice = wish.origin.line == 0 ? "make it, or look how it is written" : "make it, or say optional = true", .origin = wish.origin};
}

// What is shown there already with the same rights is left alone: no mount stands in an app's folder without need.
bool shown_already(const Builder& builder, const plan::Bind& bind) {
    const plan::Mount* ground = builder.tree.ground_of(bind.target.text);
    const auto* folder = ground == nullptr ? nullptr : std::get_if<plan::Bind>(ground);
    if (folder == nullptr || folder->access != bind.access || folder->execution != bind.execution) return false;
    const auto places = builder.tree.places_of(bind.source.path);
    return std::find(places.begin(), places.end(), bind.target) != places.end();
}

Result<void> grant(Builder& builder, const Wish& wish) {
    TRY(refuse_source(builder, wish.path, wish.origin));
    TRY(refuse_target(wish.target, wish.path, wish.origin));
    if (wish.target == builder.home)
        return Error{.what = "'" + wish.path + "' is the whole home", .advice = "set home.mode = \"shared\", and grant the parts of it that may be written",
                     .origin = wish.origin};
    const bool writes = wish.grant.access == FileAccess::rw;
    const HostPath end = TRY(led(builder, wish.path, wish.origin));
    if (writes) TRY(refuse_protected(builder, {wish.path}, end, wish.origin));
    const auto source = TRY(find(builder, wish));
    if (!source) return {};
    TRY(refuse_source(builder, *source, wish.origin));
    TRY(refuse_above_ceiling(builder, source->path.text, wish.grant.access, wish.origin));
    if (source->type == plan::FileType::character || source->type == plan::FileType::block)
        return Error{.what = "'" + wish.path + "' is a device", .advice = "name it in [devices] nodes", .origin = wish.origin};
    plan::Bind bind{.source = *source, .target = {wish.target},
                    .access = writes ? Access::read_write : Access::read_only,
                    .execution = wish.grant.exec ? Execution::allowed : Execution::denied, .origin = wish.origin};
    if (shown_already(builder, bind)) return {};
    // Of what may be missing, in a home of the app's own that is kept whole. What may be written is another matter: it would be lost there.
    if (wish.grant.optional && !writes && TRY(builder.tree.lacks_point(wish.target))) {
        builder.warnings.push_back({wish.origin, "'" + wish.path + "' is not shown: there is no '" + wish.target +
                                                     "' to mount it on in a folder of the host or of the app, and none is created there"});
        return {};
    }
    return builder.tree.place(std::move(bind));
}

// A denied folder with a grant below it: an empty folder of ours in its place, in which the grant can stand.
Result<void> hollow(Builder& builder, const Wish& wish, const std::vector<Wish>& wishes) {
    for (const base::InsidePath& place : builder.tree.places_of(TRY(led(builder, wish.path, wish.origin)))) {
        const bool needed = std::any_of(wishes.begin(), wishes.end(), [&](const Wish& other) {
            return other.grant.access != FileAccess::deny && other.target != place.text &&
                   base::is_below(other.target, place.text);
        });
        if (!needed) continue;
        TRY(builder.tree.place(plan::Tmpfs{.target = place, .size = 1U << 20, .inodes = 1024, .access = Access::read_only,
                                           .origin = wish.origin}));
    }
    return {};
}

// A folder of the user's that is shown whole shows no app what the others keep.
Result<void> hide_other_homes(Builder& builder) {
    const HostPath homes{base::joined(builder.places["DATA"], "sandbox")};
    const auto found = builder.host.look(homes, FollowLinks::yes);
    if (!found.ok()) return found.error().code == EACCES ? Result<void>{} : found.error();
    if (!found.value()) return {};
    for (const base::InsidePath& place : builder.tree.places_of(found.value()->path))
        TRY(builder.tree.restrict(plan::Mask{.target = place, .presence = plan::Presence::required}));
    return {};
}

} // namespace

// Under the ceiling, which counts for where its own paths lead as well.
Result<void> resolve_paths(Builder& builder) {
    auto files = TRY(profile::expand_files(builder.profile.files, builder.places));
    for (auto& [path, item] : TRY(profile::expand_files(builder.profile.files_ceiling, builder.places))) {
        builder.files_ceiling.insert_or_assign(path, item);
        builder.files_ceiling.emplace(end_of(builder, path).text, item);
    }
    std::vector<profile::Limitation> limited;
    builder.files = profile::bounded_files(std::move(files), builder.files_ceiling, limited);
    for (const profile::Limitation& one : limited) builder.warnings.push_back({one.wished.origin, to_text(one)});
    return {};
}

Result<void> resolve_files(Builder& builder) {
    const auto wishes = TRY(collect(builder));
    note_writable(builder, wishes);
    for (const Wish& wish : wishes) {
        if (wish.grant.access == FileAccess::deny) TRY(hollow(builder, wish, wishes));
        else TRY(grant(builder, wish));
    }
    return {};
}

// After every mount of any table: whatever shows a denied path is covered there.
Result<void> resolve_denied(Builder& builder) {
    TRY(hide_other_homes(builder));
    for (const Wish& wish : TRY(collect(builder))) {
        if (wish.grant.access != FileAccess::deny) continue;
        const HostPath end = TRY(led(builder, wish.path, wish.origin));
        const auto places = builder.tree.places_of(end);
        if (places.empty()) continue;
        auto found = builder.host.look(end, FollowLinks::no);
        // What the user cannot look at, the app cannot either, but a name in it may change: it is covered all the same.
        const bool there = !found.ok() || found.value();
        for (const base::InsidePath& place : places) {
            const auto* bind = std::get_if<plan::Bind>(builder.tree.ground_of(place.text));
            if (there) {
                TRY(builder.tree.restrict(plan::Mask{.target = place, .presence = plan::Presence::required, .origin = wish.origin}));
            } else if (bind != nullptr && bind->access == Access::read_write && !wish.grant.optional) {
                return Error{.what = "'" + wish.path + "' is denied but not there, in a folder that the app may write ('" +
                                     bind->source.path.text + "'): nothing can cover it",
                             .advice = "make it, or remove the line", .origin = wish.origin};
            }
        }
    }
    return {};
}

} // namespace resolve
