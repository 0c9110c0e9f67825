// The home inside: fresh memory with the parts that are kept, a home of the app's own, the user's own read-only, or the
// user's own with all changes kept apart.

#include "launcher/resolve/builder.hpp"

#include <algorithm>

namespace resolve {
namespace {

using base::Error;
using base::Result;

constexpr std::uint64_t home_size = 1024U << 20;
constexpr std::uint32_t home_inodes = 262144;

// A folder that keeps something for this app between two starts.
Result<plan::Source> kept_folder(Builder& builder, const std::string& relative, const base::Origin& origin) {
    if (builder.profile.app.id.value.empty())
        return Error{.what = "a home that is kept needs an application id", .advice = "set app.id, or home.mode = \"disposable\"",
                     .origin = origin};
    auto folder = builder.host.own_folder({builder.places["DATA"]}, base::joined("sandbox/homes", relative));
    if (!folder.ok() && folder.error().origin.file.empty()) folder.error().origin = origin;
    return folder;
}

// The entries of home.persist, relative and normalised, those that lie below another left out.
Result<std::vector<std::pair<std::string, base::Origin>>> persisted(const profile::Set& wish, const profile::Places& places) {
    std::vector<std::pair<std::string, base::Origin>> entries;
    for (const auto& item : wish) {
        auto text = profile::expand(item.value, places);
        auto path = text.ok() ? base::normalised("/" + text.value()) : base::Result<std::string>(text.error());
        if (path.ok() && (item.value.starts_with('/') || text.value().starts_with('/') || path.value() == "/"))
            path = Error{.what = "home.persist: '" + item.value + "' is not a path below the home",
                         .advice = "write it relative to the home, such as \".config/app\""};
        if (!path.ok()) {
            path.error().origin = item.origin();
            return std::move(path).error();
        }
        entries.emplace_back(path.value().substr(1), item.origin());
    }
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::pair<std::string, base::Origin>> kept;
    for (auto& entry : entries) {
        const bool covered = std::any_of(kept.begin(), kept.end(), [&](const auto& other) {
            return base::is_below("/" + entry.first, "/" + other.first);
        });
        if (!covered) kept.push_back(std::move(entry));
    }
    return kept;
}

Result<void> fresh_home(Builder& builder, const base::Origin& origin) {
    TRY(builder.tree.place(plan::Tmpfs{.target = {builder.home}, .size = home_size, .inodes = home_inodes, .mode = 0700,
                                       .execution = plan::Execution::allowed, .origin = origin}));
    for (const auto& [entry, asked] : TRY(persisted(builder.profile.home.persist, builder.inside_places))) {
        const auto source = TRY(kept_folder(builder, base::joined(builder.plan.app, entry), asked));
        builder.writable.push_back(source.path);
        TRY(builder.tree.place(plan::Bind{.source = source, .target = {base::joined(builder.home, entry)},
                                          .access = plan::Access::read_write, .origin = asked}));
    }
    return {};
}

Result<void> own_home(Builder& builder, const base::Origin& origin) {
    const auto source = TRY(kept_folder(builder, builder.plan.app, origin));
    builder.writable.push_back(source.path);
    return builder.tree.place(plan::Bind{.source = source, .target = {builder.home}, .access = plan::Access::read_write,
                                         .origin = origin});
}

Result<plan::Source> real_home(Builder& builder, const base::Origin& origin) {
    const auto source = TRY(builder.host.look(builder.user.home, FollowLinks::yes));
    if (!source || source->type != plan::FileType::directory || source->path.text == "/")
        return Error{.what = "the home '" + builder.user.home.text + "' is no folder that can be shown",
                     .advice = "set home.mode = \"app\" or \"disposable\"", .origin = origin};
    return *source;
}

Result<void> shared_home(Builder& builder, const base::Origin& origin) {
    // Read-only: what may be written of it is said in [files], part by part.
    const auto source = TRY(real_home(builder, origin));
    return builder.tree.place(plan::Bind{.source = source, .target = {builder.home}, .origin = origin});
}

Result<void> overlay_home(Builder& builder, const base::Origin& origin) {
    const auto lower = TRY(real_home(builder, origin));
    const std::string folder = ".overlays/" + builder.plan.app; // no app id begins with a dot
    const auto upper = TRY(kept_folder(builder, base::joined(folder, "upper"), origin));
    const auto work = TRY(kept_folder(builder, base::joined(folder, "work"), origin));
    builder.writable.push_back(upper.path);
    return builder.tree.place(plan::Overlay{.lower = {lower}, .upper = upper, .work = work, .target = {builder.home},
                                            .origin = origin});
}

} // namespace

Result<void> resolve_home(Builder& builder) {
    const profile::Home& wish = builder.profile.home;
    const base::Origin origin = wish.mode.origin();
    const profile::HomeMode mode = wish.mode.set() ? wish.mode.value : profile::HomeMode::disposable;
    switch (mode) {
    case profile::HomeMode::disposable: return fresh_home(builder, origin);
    case profile::HomeMode::app: return wish.persist.empty() ? own_home(builder, origin) : fresh_home(builder, origin);
    case profile::HomeMode::shared: return shared_home(builder, origin);
    case profile::HomeMode::overlay: return overlay_home(builder, origin);
    }
    __builtin_unreachable();
}

} // namespace resolve
