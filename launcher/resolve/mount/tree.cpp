#include "launcher/resolve/mount/tree.hpp"

#include <algorithm>

namespace resolve {
namespace {

using base::Error;
using base::InsidePath;
using base::Result;

// What a mount is to those below it.
enum class Ground {
    ours,    // mount points may be made in it
    host,    // mount points must be there
    closed,  // nothing can stand in it
    nothing, // no mount at all: a folder, or a restriction of what is there
};

Ground ground(const plan::Mount& mount) {
    struct Visit {
        Ground operator()(const plan::Bind& bind) const {
            return bind.source.type == plan::FileType::directory ? Ground::host : Ground::closed;
        }
        Ground operator()(const plan::Overlay&) const { return Ground::host; }
        Ground operator()(const plan::Tmpfs&) const { return Ground::ours; }
        Ground operator()(const plan::Proc&) const { return Ground::closed; }
        Ground operator()(const plan::Sysfs&) const { return Ground::closed; }
        Ground operator()(const plan::Devpts&) const { return Ground::closed; }
        Ground operator()(const plan::Mqueue&) const { return Ground::closed; }
        Ground operator()(const plan::Symlink&) const { return Ground::closed; }
        Ground operator()(const plan::Data&) const { return Ground::closed; }
        Ground operator()(const plan::Device&) const { return Ground::closed; }
        Ground operator()(const plan::Exchange&) const { return Ground::closed; }
        Ground operator()(const plan::Directory&) const { return Ground::nothing; }
        Ground operator()(const plan::Mask&) const { return Ground::nothing; }
        Ground operator()(const plan::ReadOnly&) const { return Ground::nothing; }
    };
    return std::visit(Visit{}, mount);
}

void set_target(plan::Mount& mount, std::string target) {
    std::visit([&](auto& kind) { kind.target.text = std::move(target); }, mount);
}

bool is_folder(const plan::Mount& mount) {
    if (const auto* bind = std::get_if<plan::Bind>(&mount)) return bind->source.type == plan::FileType::directory;
    return !std::holds_alternative<plan::Data>(mount) && !std::holds_alternative<plan::Device>(mount) &&
           !std::holds_alternative<plan::Symlink>(mount);
}

// The part of `path` after `folder`, relative.
std::string_view rest_of(std::string_view path, std::string_view folder) {
    path.remove_prefix(folder == "/" ? 1 : folder.size());
    if (path.starts_with('/')) path.remove_prefix(1);
    return path;
}

std::vector<const plan::Source*> host_folders(const plan::Mount& mount) {
    std::vector<const plan::Source*> folders;
    if (const auto* bind = std::get_if<plan::Bind>(&mount)) folders.push_back(&bind->source);
    if (const auto* overlay = std::get_if<plan::Overlay>(&mount))
        for (const plan::Source& lower : overlay->lower) folders.push_back(&lower);
    return folders;
}

} // namespace

const plan::Mount* Tree::ground_of(std::string_view path) const {
    const plan::Mount* best = nullptr;
    for (const plan::Mount& mount : mounts_) {
        if (ground(mount) == Ground::nothing || !base::is_below(path, plan::target_of(mount).text)) continue;
        if (best == nullptr || plan::target_of(mount).text.size() >= plan::target_of(*best).text.size()) best = &mount;
    }
    return best;
}

bool Tree::has(std::string_view target) const {
    return std::any_of(mounts_.begin(), mounts_.end(),
                       [&](const plan::Mount& mount) { return plan::target_of(mount).text == target; });
}

bool Tree::holds(std::string_view path) const {
    return std::any_of(mounts_.begin(), mounts_.end(),
                       [&](const plan::Mount& mount) { return base::is_below(plan::target_of(mount).text, path); });
}

std::vector<InsidePath> Tree::places_of(const base::HostPath& path) const {
    std::vector<InsidePath> places;
    for (const plan::Mount& mount : mounts_)
        for (const plan::Source* source : host_folders(mount)) {
            if (!base::is_below(path.text, source->path.text)) continue;
            const std::string_view rest = rest_of(path.text, source->path.text);
            const std::string& target = plan::target_of(mount).text;
            InsidePath place{rest.empty() ? target : base::joined(target, rest)};
            if (ground_of(place.text) == &mount && std::find(places.begin(), places.end(), place) == places.end())
                places.push_back(std::move(place));
        }
    return places;
}

// `/bin/x` with our own link /bin → usr/bin is `/usr/bin/x`; the helper follows no link at all.
Result<std::string> Tree::through_links(std::string target) const {
    for (int turns = 0; turns < 8; ++turns) {
        const plan::Symlink* on_the_way = nullptr;
        for (const plan::Mount& mount : mounts_)
            if (const auto* link = std::get_if<plan::Symlink>(&mount))
                if (target != link->target.text && base::is_below(target, link->target.text)) on_the_way = link;
        if (on_the_way == nullptr) return target;
        const std::string& at = on_the_way->target.text;
        const std::string to = on_the_way->text.starts_with('/')
                                   ? on_the_way->text
                                   : base::joined(base::parent_of(at), on_the_way->text);
        target = TRY(base::normalised(base::joined(to, rest_of(target, at))));
    }
    return Error{.what = "'" + target + "' inside leads through too many links", .advice = "take one of the symlinks of the profile out: they lead to each other"};
}

Result<bool> Tree::lacks_point(const std::string& target) const {
    const std::string place = TRY(through_links(target));
    const plan::Mount* below = ground_of(base::parent_of(place));
    if (below == nullptr || ground(*below) != Ground::host) return false;
    for (const plan::Source* folder : host_folders(*below))
        if (folder->inode == 0 || TRY(host_.look_beneath(folder->path, rest_of(place, plan::target_of(*below).text)))) return false;
    return true;
}

Result<void> Tree::check_ground(const plan::Mount& mount, const std::string& target) const {
    const plan::Mount* below = ground_of(base::parent_of(target));
    if (below == nullptr) return {};
    const std::string& root = plan::target_of(*below).text;
    const auto refuse = [&](std::string what, std::string advice) {
        return Error{.what = std::move(what), .advice = std::move(advice), .origin = plan::origin_of(mount)};
    };
    switch (ground(*below)) {
    case Ground::ours:
    case Ground::nothing: return {};
    case Ground::closed:
        return refuse("'" + target + "' cannot be mounted below '" + root + "' (" + plan::kind_of(*below) + ")",
                      "choose another target");
    case Ground::host: break;
    }
    if (std::holds_alternative<plan::Symlink>(mount) || std::holds_alternative<plan::Data>(mount))
        return refuse("'" + target + "' would have to be made in '" + root + "', a folder of the host",
                      "nothing is created there; choose another target");
    for (const plan::Source* folder : host_folders(*below)) {
        if (folder->inode == 0) return {}; // only in a Plan that is printed: the helper looks again
        const auto point = TRY(host_.look_beneath(folder->path, rest_of(target, root)));
        if (!point) continue;
        if ((point->type == plan::FileType::directory) == is_folder(mount)) return {};
        return refuse("'" + target + "' cannot be mounted: a " + (is_folder(mount) ? "file" : "folder") +
                          " stands there in '" + folder->path.text + "'",
                      "choose another target");
    }
    return refuse("the mount point '" + target + "' is missing in '" + root + "', a folder of the host or of the app",
                  "nothing is created there; make it first, or choose another target");
}

Result<void> Tree::follow_links(plan::Mount& mount) const {
    auto followed = through_links(plan::target_of(mount).text);
    if (!followed.ok()) {
        followed.error().origin = plan::origin_of(mount);
        return std::move(followed).error();
    }
    set_target(mount, std::move(followed).value());
    return {};
}

Result<void> Tree::restrict(plan::Mount mount) {
    TRY(follow_links(mount));
    mounts_.push_back(std::move(mount));
    return {};
}

Result<void> Tree::place(plan::Mount mount) {
    TRY(follow_links(mount));
    const std::string target = plan::target_of(mount).text;
    for (const plan::Mount& earlier : mounts_) {
        const std::string& hidden = plan::target_of(earlier).text;
        if (ground(earlier) != Ground::nothing && hidden != target && base::is_below(hidden, target))
            return Error{.what = "a mount on '" + target + "' would hide what stands on '" + hidden + "'",
                         .advice = "name the folders in it that are wanted, one by one",
                         .origin = plan::origin_of(mount)};
    }
    const bool folder_only = std::holds_alternative<plan::Directory>(mount);
    if (folder_only && has(target)) return {};
    auto stands = check_ground(mount, target);
    if (!stands.ok()) {
        if (stands.error().origin.file.empty()) stands.error().origin = plan::origin_of(mount);
        return stands;
    }
    // Replaced rather than stacked: what would be covered is not made at all.
    std::erase_if(mounts_, [&](const plan::Mount& earlier) {
        return plan::target_of(earlier).text == target && ground(earlier) != Ground::nothing;
    });
    mounts_.push_back(std::move(mount));
    return {};
}

} // namespace resolve
