#include "helper/further.hpp"

#include "helper/channel.hpp"
#include "helper/mount.hpp"
#include "helper/complaint.hpp"
#include "launcher/base/path.hpp"
#include "launcher/base/sys.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

Result<const plan::Bind*> bind_of(const plan::Mount& mount) {
    if (const auto* bind = std::get_if<plan::Bind>(&mount)) return bind;
    return Error{.what = "a running sandbox is shown files and folders only, and '" + plan::target_of(mount).text + "' is none"};
}

// Without maps: who we are to the host's files stays, and the rights over mounts need none.
Result<void> own_namespaces() {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return system_error("unshare", "cannot make a mount namespace to clone files in");
    return {};
}

[[noreturn]] void clone_and_hand_over(const std::vector<plan::Mount>& mounts, Channel channel) {
    channel.outer.reset();
    int item = -1;
    const auto fail = [&](const Error& error) {
        (void)send(channel.inner, failure(plan::Stage::mount, item, error)); // if nobody hears it, they are dead
        _exit(125);
    };
    if (const auto made = own_namespaces(); !made) fail(made.error());
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail(system_error("prctl(PR_SET_PDEATHSIG)", "cannot follow the parent"));
    for (const plan::Mount& mount : mounts) {
        ++item;
        const Result<const plan::Bind*> bind = bind_of(mount);
        if (!bind) fail(bind.error());
        const Result<UniqueFd> clone = detached(*bind.value());
        if (!clone) fail(clone.error());
        plan::Report ready{};
        ready.kind = plan::ReportKind::ready;
        if (!send(channel.inner, ready, clone.value().get())) _exit(125);
    }
    _exit(0);
}

Result<UniqueFd> next_clone(const UniqueFd& channel) {
    plan::Report report;
    UniqueFd clone;
    if (TRY(receive(channel, report, clone, 0)) != Received::message)
        return Error{.what = "the process that clones the files was killed", .code = ECHILD, .advice = "is the host out of memory?"};
    if (report.kind == plan::ReportKind::failed) return sentence(report);
    return clone;
}

// The same folder twice: as everybody sees it, and as a view that may be written, which only this process has.
struct Place {
    UniqueFd seen;
    UniqueFd written;
};

Result<Place> open_place(const std::string& path) {
    Place place;
    place.seen = sys::openat2(AT_FDCWD, path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW, RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
    if (!place.seen.valid()) return system_error("openat2", "cannot reach '" + path + "' inside");
    struct statfs system{};
    if (fstatfs(place.seen.get(), &system) != 0) return system_error("fstatfs", "cannot look at '" + path + "' inside");
    if (system.f_type != TMPFS_MAGIC || (static_cast<unsigned long>(system.f_flags) & ST_RDONLY) == 0)
        return Error{.what = "'" + path + "' inside is not the folder that was made for files of further starts"};
    place.written = sys::open_tree(place.seen.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
    if (!place.written.valid()) return system_error("open_tree", "cannot get a view of '" + path + "' inside");
    mount_attr writable{};
    writable.attr_clr = MOUNT_ATTR_RDONLY;
    if (sys::mount_setattr(place.written.get(), "", AT_EMPTY_PATH, writable) != 0)
        return system_error("mount_setattr", "cannot get a view of '" + path + "' inside");
    return place;
}

// A further start that was killed on the way may have left it.
bool made(int result) { return result == 0 || errno == EEXIST; }

Result<void> make_point(const UniqueFd& place, const std::string& number, const std::string& name, Shape shape) {
    if (!made(mkdirat(place.get(), number.c_str(), 0755))) return system_error("mkdirat", "cannot make a folder for '" + name + "' inside");
    const UniqueFd folder(openat(place.get(), number.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.valid()) return system_error("openat", "cannot make a folder for '" + name + "' inside");
    const bool ready = shape == Shape::folder ? made(mkdirat(folder.get(), name.c_str(), 0755)) : made(mknodat(folder.get(), name.c_str(), S_IFREG | 0444, 0));
    if (!ready) return system_error(shape == Shape::folder ? "mkdirat" : "mknodat", "cannot make a mount point for '" + name + "' inside");
    return {};
}

// Whether what is there shows the same, and lets no more be done with it.
Result<bool> is_same(const UniqueFd& there, const UniqueFd& clone) {
    struct stat one{}, other{};
    struct statvfs first{}, second{};
    if (fstat(there.get(), &one) != 0 || fstat(clone.get(), &other) != 0 || fstatvfs(there.get(), &first) != 0 || fstatvfs(clone.get(), &second) != 0)
        return system_error("fstat", "cannot look at a file that was shown");
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino && first.f_flag == second.f_flag;
}

Result<void> attach(const Place& place, const plan::Bind& bind, const UniqueFd& clone) {
    const std::string number(base::name_in(base::parent_of(bind.target.text)));
    const std::string name(base::name_in(bind.target.text));
    TRY(make_point(place.written, number, name, shape_of(bind.source.type)));
    const UniqueFd point = sys::openat2(place.seen.get(), (number + "/" + name).c_str(), O_PATH | O_NOFOLLOW, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
    if (!point.valid()) return system_error("openat2", "cannot reach '" + bind.target.text + "' inside");
    if (TRY(is_same(point, clone))) return {};
    if (sys::move_mount(clone.get(), "", point.get(), "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) != 0)
        return system_error("move_mount", "cannot mount on '" + bind.target.text + "' inside");
    return {};
}

} // namespace

Result<std::vector<UniqueFd>> clone_further(const std::vector<plan::Mount>& mounts, int& item) {
    std::vector<UniqueFd> clones;
    if (mounts.empty()) return clones;
    Channel channel = TRY(make_channel());
    const pid_t child = fork();
    if (child < 0) return system_error("fork", "cannot make a process to clone files in");
    if (child == 0) clone_and_hand_over(mounts, std::move(channel));
    channel.inner.reset();
    Result<void> heard;
    while (heard && clones.size() < mounts.size()) {
        ++item;
        Result<UniqueFd> clone = next_clone(channel.outer);
        if (clone) clones.push_back(std::move(clone).value());
        else heard = std::move(clone).error();
    }
    channel.outer.reset(); // and with it whatever it still has to say
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {}
    TRY(std::move(heard));
    item = -1;
    return clones;
}

Result<void> attach_further(const std::vector<plan::Mount>& mounts, std::vector<UniqueFd> clones, int& item) {
    if (mounts.empty()) return {};
    umask(0); // of mount points; the app gets its own
    for (std::size_t at = 0; at < mounts.size(); ++at) {
        ++item;
        const plan::Bind& bind = *TRY(bind_of(mounts[at]));
        const Place place = TRY(open_place(std::string(base::parent_of(base::parent_of(bind.target.text)))));
        TRY(attach(place, bind, clones[at]));
    }
    item = -1;
    return {};
}

} // namespace helper
