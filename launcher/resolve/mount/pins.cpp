// Mount points that hold at the next start too. A mount inside a folder that the app may write (a denied file, a read-only
// part of it) stands on a name, and a name moves with its parents: the app renames a folder above it, and the next start
// covers a decoy. The kernel renames no mount point of its own mount namespace (rename(2) EBUSY), so each folder between
// the granted one and the mount becomes one, bound onto itself.

#include "launcher/resolve/builder.hpp"

#include <set>

namespace resolve {
namespace {

using base::Error;
using base::Result;

// The folders between a mount and the writable bind that it stands in, the outermost first; with that bind.
struct Way {
    const plan::Bind* ground = nullptr;
    std::vector<std::string> folders;
};

Way way_to(const Tree& tree, const std::string& target) {
    Way way;
    for (std::string folder(base::parent_of(target)); folder != "/"; folder = base::parent_of(folder)) {
        const plan::Mount* ground = tree.ground_of(folder);
        const auto* bind = ground == nullptr ? nullptr : std::get_if<plan::Bind>(ground);
        if (bind == nullptr || bind->access != plan::Access::read_write || bind->target.text == folder) break;
        way.ground = bind;
        way.folders.insert(way.folders.begin(), folder);
    }
    return way;
}

} // namespace

Result<std::vector<plan::Mount>> with_parents_pinned(const Builder& builder) {
    std::vector<plan::Mount> mounts;
    std::set<std::string> pinned;
    for (const plan::Mount& mount : builder.tree.mounts()) {
        const Way way = way_to(builder.tree, plan::target_of(mount).text);
        for (const std::string& folder : way.folders) {
            if (!pinned.insert(folder).second) continue;
            const std::string_view below = std::string_view(folder).substr(way.ground->target.text.size() + 1);
            auto source = builder.host.look_beneath(way.ground->source.path, below);
            if (!source.ok()) {
                source.error().origin = plan::origin_of(mount);
                return std::move(source).error();
            }
            if (!source.value()) break; // then what was to be covered is not there either
            if (source.value()->type != plan::FileType::directory)
                return Error{.what = "'" + folder + "' is no folder", .origin = plan::origin_of(mount)};
            plan::Bind pin = *way.ground;
            pin.source = *source.value();
            pin.target.text = folder;
            pin.origin = plan::origin_of(mount);
            mounts.emplace_back(std::move(pin));
        }
        mounts.push_back(mount);
    }
    return mounts;
}

} // namespace resolve
