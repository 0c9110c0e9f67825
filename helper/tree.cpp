#include "helper/tree.hpp"

#include "helper/chroot.hpp"
#include "helper/defence.hpp"
#include "launcher/base/path.hpp"
#include "launcher/base/sys.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

// What is below, and no link on the way to it.
UniqueFd open_below(const UniqueFd& folder, const std::string& name, std::uint64_t flags) {
    constexpr std::uint64_t how = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    if (!on(Defence::target_links)) return sys::openat2(folder.get(), name.c_str(), O_PATH | flags, 0);
    return sys::openat2(folder.get(), name.c_str(), O_PATH | O_NOFOLLOW | flags, how);
}

Error at(std::string_view call, std::string_view path, std::string advice = {}) {
    Error error = system_error(call, "cannot reach '" + std::string(path) + "' inside");
    if (error.code == ELOOP) error.advice = "a link stands in the way; name the place that it points to";
    if (!advice.empty()) error.advice = std::move(advice);
    return error;
}

} // namespace

Result<void> set_label(const UniqueFd& context, const std::string& label) {
    if (label.empty() || sys::fsconfig(context, FSCONFIG_SET_STRING, "context", label.c_str(), 0) == 0) return {};
    Error error = system_error("fsconfig", "cannot label a file system as '" + label + "'");
    error.advice = "lsm.selinux-mount needs SELinux, and a policy that knows the label and allows it to you";
    return error;
}

Result<UniqueFd> fresh_tmpfs(std::uint64_t size, std::uint32_t inodes, std::uint32_t mode, plan::Execution execution, const std::string& label) {
    const UniqueFd context = sys::fsopen("tmpfs");
    if (!context.valid()) return system_error("fsopen", "cannot make a tmpfs");
    char text[32];
    const auto option = [&](const char* key, const char* format, unsigned long long value) {
        std::snprintf(text, sizeof text, format, value);
        return sys::fsconfig(context, FSCONFIG_SET_STRING, key, text, 0) == 0;
    };
    TRY(set_label(context, label));
    if (!option("size", "%llu", size) || !option("nr_inodes", "%llu", inodes) || !option("mode", "%llo", mode) ||
        sys::fsconfig(context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0)
        return system_error("fsconfig", "cannot make a tmpfs");
    const unsigned noexec = execution == plan::Execution::denied ? MOUNT_ATTR_NOEXEC : 0;
    UniqueFd mount = sys::fsmount(context, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | noexec);
    if (!mount.valid()) return system_error("fsmount", "cannot make a tmpfs");
    return mount;
}

Result<Tree> Tree::make(const plan::Root& root, const std::string& label) {
    // Nothing that we mount may reach the host; what the host mounts later below a bind may reach us.
    if (mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
        return system_error("mount", "cannot cut the mounts of the host off");
    Tree tree;
    tree.root_ = TRY(fresh_tmpfs(root.size, root.inodes, 0755, plan::Execution::allowed, label));
    struct stat status{};
    if (fstat(tree.root_.get(), &status) != 0) return system_error("fstat", "cannot look at the new root");
    tree.ours_.push_back(status.st_dev);
    // On top of "/": our own root directory stays the host's, so sources are still found by their host paths.
    if (sys::move_mount(tree.root_.get(), "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) != 0)
        return system_error("move_mount", "cannot mount the new root");
    return tree;
}

bool Tree::is_ours(dev_t device) const {
    return !on(Defence::own_folders) || std::find(ours_.begin(), ours_.end(), device) != ours_.end();
}

Result<const Tree::Folder*> Tree::folder(std::string_view path) {
    if (const auto known = folders_.find(path); known != folders_.end()) return &known->second;
    Folder found;
    if (path == "/") {
        found.fd = open_below(root_, ".", O_DIRECTORY);
        found.ours = true;
    } else {
        const Folder& parent = *TRY(folder(base::parent_of(path)));
        const std::string name(base::name_in(path));
        if (parent.ours && mkdirat(parent.fd.get(), name.c_str(), 0755) != 0 && errno != EEXIST)
            return at("mkdirat", path);
        found.fd = open_below(parent.fd, name, O_DIRECTORY);
        if (!found.fd.valid() && errno == ENOENT)
            return at("openat2", path, "it lies in a folder of the host or of the app, where nothing is created: make it there first");
        struct stat status{};
        if (found.fd.valid() && fstat(found.fd.get(), &status) == 0) found.ours = is_ours(status.st_dev);
    }
    if (!found.fd.valid()) return at("openat2", path);
    return &folders_.emplace(path, std::move(found)).first->second;
}

Result<UniqueFd> Tree::look(std::string_view path) {
    if (path == "/") return at("openat2", path, "the root itself is meant");
    UniqueFd found = open_below(root_, std::string(path.substr(1)), 0);
    if (!found.valid() && errno != ENOENT && errno != ENOTDIR) return at("openat2", path);
    return found;
}

Result<void> Tree::attach(const UniqueFd& mount, const base::InsidePath& target, Shape shape) {
    const Folder& parent = *TRY(folder(base::parent_of(target.text)));
    const std::string name(base::name_in(target.text));
    int made = -1;
    if (parent.ours) {
        made = shape == Shape::folder ? mkdirat(parent.fd.get(), name.c_str(), 0755)
                                      : mknodat(parent.fd.get(), name.c_str(), S_IFREG | 0444, 0);
        if (made != 0 && errno != EEXIST) return at(shape == Shape::folder ? "mkdirat" : "mknodat", target.text);
    }
    int moved = 0;
    if (made == 0) {
        // Nobody else can reach a name that we have just made in a file system of ours.
        moved = sys::move_mount(mount.get(), "", parent.fd.get(), name.c_str(), MOVE_MOUNT_F_EMPTY_PATH);
    } else {
        const UniqueFd point = open_below(parent.fd, name, 0);
        if (!point.valid())
            return at("openat2", target.text,
                      errno == ENOENT ? "nothing is created in a folder of the host or of the app: make it there first" : "");
        struct stat status{};
        if (fstat(point.get(), &status) != 0) return at("fstat", target.text);
        if (S_ISLNK(status.st_mode) || S_ISDIR(status.st_mode) != (shape == Shape::folder))
            return Error{.what = "cannot mount on '" + target.text + "' inside",
                         .advice = S_ISLNK(status.st_mode) ? "it is a link"
                                   : shape == Shape::folder ? "a folder is to be mounted there, and it is none"
                                                            : "a file is to be mounted there, and it is a folder"};
        moved = sys::move_mount(mount.get(), "", point.get(), "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
    }
    if (moved != 0) return system_error("move_mount", "cannot mount on '" + target.text + "' inside");
    forget(target.text);
    return {};
}

void Tree::forget(std::string_view path) {
    for (auto entry = folders_.lower_bound(path); entry != folders_.end() && entry->first.starts_with(path);)
        entry = base::is_below(entry->first, path) ? folders_.erase(entry) : std::next(entry);
}

Result<void> Tree::attach_own(const UniqueFd& mount, const base::InsidePath& target) {
    struct stat status{};
    if (fstat(mount.get(), &status) != 0) return system_error("fstat", "cannot look at '" + target.text + "' inside");
    TRY(attach(mount, target, Shape::folder));
    ours_.push_back(status.st_dev);
    return {};
}

Result<void> Tree::seal(plan::Access root_access) {
    mount_attr read_only{};
    read_only.attr_set = MOUNT_ATTR_RDONLY;
    for (const UniqueFd& mount : sealed_)
        if (sys::mount_setattr(mount.get(), "", AT_EMPTY_PATH, read_only) != 0)
            return system_error("mount_setattr", "cannot make a folder of the sandbox read-only");
    if (root_access == plan::Access::read_only && on(Defence::read_only) &&
        sys::mount_setattr(root_.get(), "", AT_EMPTY_PATH, read_only) != 0)
        return system_error("mount_setattr", "cannot make the root of the sandbox read-only");
    return {};
}

Result<void> Tree::enter(const plan::Root& root) {
    TRY(seal(root.access));
    // pivot_root(2), NOTES: the old root ends up on top of the new one, and is detached from there.
    if (fchdir(root_.get()) != 0) return system_error("fchdir", "cannot enter the new root");
    if (sys::pivot_root(".", ".") == 0) {
        if (umount2(".", MNT_DETACH) != 0) return system_error("umount2", "cannot let go of the old root");
        if (chdir("/") != 0) return system_error("chdir", "cannot enter the new root");
    } else if (errno == EINVAL && root.change == plan::RootChange::chroot_if_refused) {
        TRY(change_root_by_chroot());
    } else {
        Error error = system_error("pivot_root", "cannot make the new root the root");
        if (error.code == EINVAL) error.advice = "the host's root is a ramfs; start from a system whose root is a file system of its own, or set root.no-pivot = true";
        return error;
    }
    struct stat here{};
    struct stat wanted{};
    if (stat("/", &here) != 0 || fstat(root_.get(), &wanted) != 0 || here.st_dev != wanted.st_dev || here.st_ino != wanted.st_ino)
        return Error{.what = "the root is not the one that was built", .advice = "the kernel did not do what it promised; nothing was started"};
    return {};
}

} // namespace helper
