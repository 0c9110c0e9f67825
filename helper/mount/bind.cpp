// Kinds that show something of the host: bind, device, exchange.

#include "helper/defence.hpp"
#include "helper/mount.hpp"
#include "launcher/base/sys.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

bool has_type(mode_t mode, plan::FileType type) {
    switch (type) {
    case plan::FileType::directory: return S_ISDIR(mode);
    case plan::FileType::regular: return S_ISREG(mode);
    case plan::FileType::socket: return S_ISSOCK(mode);
    case plan::FileType::fifo: return S_ISFIFO(mode);
    case plan::FileType::character: return S_ISCHR(mode);
    case plan::FileType::block: return S_ISBLK(mode);
    }
    return false;
}

// A detached clone of what is at the source's path, which must be what the Plan saw there. The path is looked up once;
// whatever was swapped in since then, a link anywhere in it included, is another inode and stops the launch.
Result<UniqueFd> cloned(const plan::Source& source, unsigned recursive) {
    UniqueFd clone = sys::open_tree(AT_FDCWD, source.path.text.c_str(),
                                    OPEN_TREE_CLONE | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | recursive);
    if (!clone.valid()) {
        Error error = system_error("open_tree", "cannot bind '" + source.path.text + "'");
        if (error.code == EINVAL && recursive == 0) error.advice = "mounts lie below it: bind it with all of them";
        return error;
    }
    struct stat status{};
    if (fstat(clone.get(), &status) != 0) return system_error("fstat", "cannot look at '" + source.path.text + "'");
    const bool same = status.st_dev == source.device && status.st_ino == source.inode && has_type(status.st_mode, source.type) &&
                      ((!S_ISCHR(status.st_mode) && !S_ISBLK(status.st_mode)) || status.st_rdev == source.node);
    if (!same && on(Defence::source_identity))
        return Error{.what = "'" + source.path.text + "' changed between check and mount",
                     .call = "open_tree",
                     .code = ESTALE,
                     .advice = "nothing was started; try again, and find out who changes it"};
    return clone;
}

std::uint64_t propagation_of(plan::Propagation propagation) {
    switch (propagation) {
    case plan::Propagation::private_: return MS_PRIVATE;
    case plan::Propagation::slave: return MS_SLAVE;
    case plan::Propagation::shared: return MS_SHARED;
    }
    return MS_PRIVATE;
}

} // namespace

Shape shape_of(plan::FileType type) {
    return type == plan::FileType::directory ? Shape::folder : Shape::file;
}

Result<UniqueFd> detached(const plan::Bind& mount) {
    const unsigned recursive = mount.subtree == plan::Subtree::recursive ? AT_RECURSIVE : 0;
    UniqueFd clone = TRY(cloned(mount.source, recursive));
    // The flags go on before anybody can see the mount. Flags that the host set are only added to, never taken away.
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
    if (mount.access == plan::Access::read_only && on(Defence::read_only)) attributes.attr_set |= MOUNT_ATTR_RDONLY;
    if (mount.execution == plan::Execution::denied) attributes.attr_set |= MOUNT_ATTR_NOEXEC;
    attributes.propagation = propagation_of(mount.propagation);
    if (sys::mount_setattr(clone.get(), "", AT_EMPTY_PATH | recursive, attributes) != 0)
        return system_error("mount_setattr", "cannot restrict '" + mount.source.path.text + "'");
    return clone;
}

Result<void> apply(Building& building, const plan::Bind& mount) {
    return building.tree.attach(TRY(detached(mount)), mount.target, shape_of(mount.source.type));
}

Result<void> apply(Building& building, const plan::Device& mount) {
    const UniqueFd clone = TRY(cloned(mount.source, 0));
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
    attributes.propagation = MS_PRIVATE;
    if (sys::mount_setattr(clone.get(), "", AT_EMPTY_PATH, attributes) != 0)
        return system_error("mount_setattr", "cannot restrict '" + mount.source.path.text + "'");
    return building.tree.attach(clone, mount.target, Shape::file);
}

Result<void> apply(Building& building, const plan::Exchange& mount) {
    return apply(building, plan::Bind{.source = building.exchange.folder(mount.name), .target = mount.target, .access = mount.access,
                                      .execution = plan::Execution::denied, .subtree = plan::Subtree::alone, .origin = mount.origin});
}

Result<void> apply_all(Building& building, const std::vector<plan::Mount>& mounts, int& item) {
    for (const plan::Mount& mount : mounts) {
        ++item;
        TRY(std::visit([&](const auto& kind) { return apply(building, kind); }, mount));
    }
    return {};
}

Result<UniqueFd> verified_null() {
    UniqueFd null = sys::openat2(AT_FDCWD, "/dev/null", O_PATH | O_NOFOLLOW, RESOLVE_NO_SYMLINKS);
    struct stat status{};
    if (!null.valid() || fstat(null.get(), &status) != 0) return system_error("openat2", "cannot find /dev/null");
    if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3))
        return Error{.what = "/dev/null of this host is not the null device", .advice = "it must be character device 1:3"};
    return null;
}

} // namespace helper
