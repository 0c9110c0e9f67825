// Kinds that are file systems of the sandbox's own: tmpfs, proc, sysfs, devpts, mqueue, overlay.

#include "helper/mount.hpp"
#include "launcher/base/sys.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

// Of the changes to an overlay that are kept in memory.
constexpr std::uint64_t overlay_size = std::uint64_t{1} << 30;
constexpr std::uint32_t overlay_inodes = 262'144;

struct Option {
    const char* key;
    std::string value; ///< empty: a flag
};

// A detached file system of that type. The advice is for EPERM: what the kernel or the distribution may be missing.
Result<UniqueFd> fresh(const char* type, const std::vector<Option>& options, unsigned attributes, const char* advice, const std::string& label = {}) {
    const auto failed = [&](const char* call) {
        Error error = system_error(call, std::string("cannot make a new ") + type + " file system");
        if (error.code == EPERM || error.code == EACCES || error.code == ENODEV || error.code == EINVAL)
            error.advice = advice;
        return error;
    };
    const UniqueFd context = sys::fsopen(type);
    if (!context.valid()) return failed("fsopen");
    TRY(set_label(context, label));
    for (const Option& option : options) {
        const bool flag = option.value.empty();
        if (sys::fsconfig(context, flag ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING, option.key,
                          flag ? nullptr : option.value.c_str(), 0) != 0)
            return failed("fsconfig");
    }
    if (sys::fsconfig(context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) return failed("fsconfig");
    UniqueFd mount = sys::fsmount(context, attributes);
    if (!mount.valid()) return failed("fsmount");
    return mount;
}

} // namespace

Result<void> apply(Building& building, const plan::Tmpfs& mount) {
    UniqueFd tmpfs = TRY(fresh_tmpfs(mount.size, mount.inodes, mount.mode, mount.execution, building.label));
    // Ours until here: with another user inside it is handed over.
    if ((getuid() != building.ids.uid || getgid() != building.ids.gid) &&
        fchownat(tmpfs.get(), "", building.ids.uid, building.ids.gid, AT_EMPTY_PATH) != 0)
        return system_error("fchownat", "cannot give '" + mount.target.text + "' to the user inside");
    TRY(building.tree.attach_own(tmpfs, mount.target));
    if (mount.access == plan::Access::read_only) building.tree.seal_later(std::move(tmpfs));
    return {};
}

Result<void> apply(Building& building, const plan::Proc& mount) {
    unsigned attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    UniqueFd proc = TRY(fresh("proc", {}, attributes,
                              "this host hides parts of its own /proc (as containers do), and then the kernel refuses a new "
                              "one; give the container an unmasked /proc (podman: --security-opt unmask=/proc)"));
    TRY(building.tree.attach(proc, mount.target, Shape::folder));
    building.landmarks.proc = UniqueFd(fcntl(proc.get(), F_DUPFD_CLOEXEC, 0));
    if (!building.landmarks.proc.valid()) return system_error("fcntl(F_DUPFD)", "cannot keep /proc");
    building.landmarks.proc_sys = sys::openat2(proc.get(), "sys", O_PATH | O_DIRECTORY, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
    if (!building.landmarks.proc_sys.valid()) return system_error("openat2", "cannot open the new /proc/sys");
    if (mount.access == plan::Access::read_only) building.tree.seal_later(std::move(proc));
    return {};
}

Result<void> apply(Building& building, const plan::Sysfs& mount) {
    const unsigned attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    const UniqueFd sysfs = TRY(fresh("sysfs", {}, attributes, "a new /sys needs a network namespace of its own (network.mode other than host)"));
    return building.tree.attach(sysfs, mount.target, Shape::folder);
}

Result<void> apply(Building& building, const plan::Devpts& mount) {
    // No gid=5: EINVAL unless group 5 is mapped. Every devpts is an instance of its own since Linux 4.7.
    UniqueFd devpts = TRY(fresh("devpts", {{"ptmxmode", "0666"}, {"mode", "0620"}},
                                MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, "this kernel has no pseudo terminals (CONFIG_UNIX98_PTYS)", building.label));
    TRY(building.tree.attach(devpts, mount.target, Shape::folder));
    building.landmarks.devpts = std::move(devpts);
    building.landmarks.devpts_target = mount.target.text;
    return {};
}

Result<void> apply(Building& building, const plan::Mqueue& mount) {
    const unsigned attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    const UniqueFd mqueue = TRY(fresh("mqueue", {}, attributes, "message queues need an ipc namespace of their own (namespaces.ipc = \"new\")", building.label));
    return building.tree.attach(mqueue, mount.target, Shape::folder);
}

Result<void> apply(Building& building, const plan::Overlay& mount) {
    const auto opened = [](const plan::Source& source) -> Result<UniqueFd> {
        UniqueFd folder = sys::openat2(AT_FDCWD, source.path.text.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW, RESOLVE_NO_SYMLINKS);
        struct stat status{};
        if (!folder.valid() || fstat(folder.get(), &status) != 0)
            return system_error("openat2", "cannot open '" + source.path.text + "'");
        if (status.st_dev != source.device || status.st_ino != source.inode)
            return Error{.what = "'" + source.path.text + "' changed between check and mount", .code = ESTALE,
                         .advice = "nothing was started"};
        return folder;
    };
    // The layers are named by descriptor, so that no path is looked up again and no character of one is special.
    const auto by_descriptor = [](const UniqueFd& folder) { return "/proc/self/fd/" + std::to_string(folder.get()); };
    std::vector<UniqueFd> layers;
    std::string lower;
    for (const plan::Source& source : mount.lower) {
        layers.push_back(TRY(opened(source)));
        lower += (lower.empty() ? "" : ":") + by_descriptor(layers.back());
    }
    UniqueFd upper;
    UniqueFd work;
    if (mount.upper.path.text.empty()) { // changes stay in memory, in a tmpfs that the overlay then covers
        const UniqueFd memory = TRY(fresh_tmpfs(overlay_size, overlay_inodes, 0755, plan::Execution::allowed, building.label));
        TRY(building.tree.attach(memory, mount.target, Shape::folder));
        const UniqueFd place = TRY(building.tree.look(mount.target.text));
        if (mkdirat(place.get(), "upper", 0755) != 0 || mkdirat(place.get(), "work", 0755) != 0)
            return system_error("mkdirat", "cannot make the layers of '" + mount.target.text + "'");
        constexpr std::uint64_t below = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
        upper = sys::openat2(place.get(), "upper", O_PATH | O_DIRECTORY, below);
        work = sys::openat2(place.get(), "work", O_PATH | O_DIRECTORY, below);
        if (!upper.valid() || !work.valid()) return system_error("openat2", "cannot open the layers of '" + mount.target.text + "'");
    } else {
        upper = TRY(opened(mount.upper));
        work = TRY(opened(mount.work));
    }
    const UniqueFd overlay = TRY(fresh("overlay", {{"lowerdir", lower}, {"upperdir", by_descriptor(upper)},
                                                   {"workdir", by_descriptor(work)}, {"userxattr", ""}},
                                       MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
                                       "overlays in a user namespace need Linux 5.11 and a file system with user attributes below 'upper'"));
    return building.tree.attach(overlay, mount.target, Shape::folder);
}

} // namespace helper
