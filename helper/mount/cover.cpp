// Kinds that cover what is there: mask, read-only. A path that is not there has nothing to hide.

#include "helper/defence.hpp"
#include "helper/mount.hpp"
#include "launcher/base/sys.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

Result<void> cover(Tree& tree, const UniqueFd& clone, const UniqueFd& place, const base::InsidePath& target) {
    if (sys::move_mount(clone.get(), "", place.get(), "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) != 0)
        return system_error("move_mount", "cannot cover '" + target.text + "' inside");
    tree.forget(target.text);
    return {};
}

// What the Plan saw there is away for a moment: then it would stay uncovered, wherever it is now.
Result<void> missing(plan::Presence presence, const base::InsidePath& target) {
    if (presence == plan::Presence::optional) return {};
    return Error{.what = "'" + target.text + "' went away between check and mount", .code = ESTALE,
                 .advice = "nothing was started; try again, and find out who moves it"};
}

// The first masked folder gets a new tmpfs without a single free inode; the others get clones of it, which cost a tenth
// of a super block each.
Result<UniqueFd> empty_folder(Building& building, const base::InsidePath& target) {
    if (building.tree.empty_folder.valid()) {
        UniqueFd clone = sys::open_tree(building.tree.empty_folder.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
        if (!clone.valid()) return system_error("open_tree", "cannot hide '" + target.text + "'");
        return clone;
    }
    UniqueFd empty = TRY(fresh_tmpfs(4096, 1, 0555, plan::Execution::denied, building.label));
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_RDONLY;
    if (sys::mount_setattr(empty.get(), "", AT_EMPTY_PATH, attributes) != 0)
        return system_error("mount_setattr", "cannot hide '" + target.text + "'");
    UniqueFd kept(fcntl(empty.get(), F_DUPFD_CLOEXEC, 0));
    if (!kept.valid()) return system_error("fcntl(F_DUPFD)", "cannot hide '" + target.text + "'");
    building.tree.empty_folder = std::move(kept);
    return empty;
}

} // namespace

Result<void> apply(Building& building, const plan::Mask& mount) {
    const UniqueFd place = TRY(building.tree.look(mount.target.text));
    if (!on(Defence::masks)) return {};
    if (!place.valid()) return missing(mount.presence, mount.target);
    struct stat status{};
    if (fstat(place.get(), &status) != 0) return system_error("fstat", "cannot look at '" + mount.target.text + "' inside");
    if (S_ISLNK(status.st_mode))
        return Error{.what = "cannot hide '" + mount.target.text + "': it is a link", .advice = "hide what it points to"};
    if (S_ISDIR(status.st_mode)) return cover(building.tree, TRY(empty_folder(building, mount.target)), place, mount.target);
    const UniqueFd null = sys::open_tree(building.landmarks.null.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
    if (!null.valid()) return system_error("open_tree", "cannot hide '" + mount.target.text + "'");
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
    attributes.propagation = MS_PRIVATE;
    if (sys::mount_setattr(null.get(), "", AT_EMPTY_PATH, attributes) != 0)
        return system_error("mount_setattr", "cannot hide '" + mount.target.text + "'");
    return cover(building.tree, null, place, mount.target);
}

Result<void> apply(Building& building, const plan::ReadOnly& mount) {
    const UniqueFd place = TRY(building.tree.look(mount.target.text));
    if (!on(Defence::read_only)) return {};
    if (!place.valid()) return missing(mount.presence, mount.target);
    const UniqueFd clone = sys::open_tree(place.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH | AT_RECURSIVE);
    if (!clone.valid()) return system_error("open_tree", "cannot make '" + mount.target.text + "' read-only");
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_RDONLY;
    if (sys::mount_setattr(clone.get(), "", AT_EMPTY_PATH | AT_RECURSIVE, attributes) != 0)
        return system_error("mount_setattr", "cannot make '" + mount.target.text + "' read-only");
    return cover(building.tree, clone, place, mount.target);
}

} // namespace helper
