#include "helper/console.hpp"

#include "launcher/base/sys.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <termios.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

// UNIX98_PTY_SLAVE_MAJOR … +7, of Documentation/admin-guide/devices.txt.
bool is_terminal_node(const struct stat& status) {
    return S_ISCHR(status.st_mode) && major(status.st_rdev) >= 136 && major(status.st_rdev) <= 143;
}

struct Pair {
    UniqueFd master, peer;
};

// A fresh pair of the devpts that `pts` is the root of; its terminal side is proven to be of that devpts.
Result<Pair> open_pair(const UniqueFd& pts) {
    Pair pair{sys::openat2(pts.get(), "ptmx", O_RDWR | O_NOCTTY, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS), {}};
    if (!pair.master.valid()) return system_error("openat2", "cannot open the sandbox's ptmx");
    int unlocked = 0;
    if (ioctl(pair.master.get(), TIOCSPTLCK, &unlocked) != 0) return system_error("ioctl(TIOCSPTLCK)", "cannot unlock the terminal");
    pair.peer.reset(ioctl(pair.master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!pair.peer.valid()) return system_error("ioctl(TIOCGPTPEER)", "cannot open the terminal");
    struct stat terminal{};
    struct stat file_system{};
    if (fstat(pair.peer.get(), &terminal) != 0 || fstat(pts.get(), &file_system) != 0 || !is_terminal_node(terminal) ||
        terminal.st_dev != file_system.st_dev)
        return Error{.what = "the terminal is not one of the sandbox's own devpts"};
    return pair;
}

} // namespace

Result<Console> make_console(Building& building) {
    if (!building.landmarks.devpts.valid())
        return Error{.what = "a terminal is wanted and the sandbox has no devpts", .advice = "mount one on /dev/pts"};
    // Through the attached mount, so that the peer lies in our mount namespace and can be cloned.
    const UniqueFd pts = TRY(building.tree.look(building.landmarks.devpts_target));
    Pair pair = TRY(open_pair(pts));
    const UniqueFd clone = sys::open_tree(pair.peer.get(), "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
    if (!clone.valid()) return system_error("open_tree", "cannot bind /dev/console");
    TRY(building.tree.attach(clone, base::InsidePath{"/dev/console"}, Shape::file));
    return Console{std::move(pair.master), std::move(pair.peer)};
}

Result<Console> make_guest_console() {
    const UniqueFd pts = sys::openat2(AT_FDCWD, "/dev/pts", O_PATH | O_DIRECTORY, RESOLVE_NO_SYMLINKS);
    struct statfs file_system{};
    if (!pts.valid() || fstatfs(pts.get(), &file_system) != 0 || file_system.f_type != DEVPTS_SUPER_MAGIC)
        return Error{.what = "a terminal is wanted and the sandbox has no devpts", .advice = "use -T/--no-tty"};
    Pair pair = TRY(open_pair(pts));
    return Console{std::move(pair.master), std::move(pair.peer)};
}

Result<void> take_console(const UniqueFd* terminal) {
    UniqueFd console = terminal ? UniqueFd(fcntl(terminal->get(), F_DUPFD_CLOEXEC, 3)) : sys::openat2(AT_FDCWD, "/dev/console", O_RDWR | O_NOCTTY | O_NOFOLLOW, RESOLVE_NO_SYMLINKS);
    struct stat status{};
    if (!console.valid() || fstat(console.get(), &status) != 0) return system_error("openat2", "cannot open /dev/console inside");
    if (!is_terminal_node(status)) return Error{.what = "/dev/console inside is no terminal"};
    std::array<bool, 3> wanted{};
    bool any = false;
    for (int fd = 0; fd < 3; ++fd) any |= wanted[static_cast<std::size_t>(fd)] = isatty(fd) == 1;
    if (ioctl(console.get(), TIOCSCTTY, 0) != 0) return system_error("ioctl(TIOCSCTTY)", "cannot take the terminal");
    for (int fd = 0; fd < 3; ++fd)
        if ((wanted[static_cast<std::size_t>(fd)] || !any) && dup2(console.get(), fd) < 0)
            return system_error("dup2", "cannot put the terminal in place");
    return {};
}

Result<void> replace_null() {
    UniqueFd own;
    for (int fd = 0; fd < 3; ++fd) {
        struct stat status{};
        const bool open = fstat(fd, &status) == 0;
        if (!open && errno != EBADF) return system_error("fstat", "cannot look at descriptor " + std::to_string(fd));
        if (open && !(S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3))) continue;
        if (!own.valid()) {
            own = sys::openat2(AT_FDCWD, "/dev/null", O_RDWR | O_NOFOLLOW, RESOLVE_NO_SYMLINKS);
            if (!own.valid() && errno == ENOENT) return {}; // a root without devices keeps what it was given
            if (!own.valid() || fstat(own.get(), &status) != 0) return system_error("openat2", "cannot open /dev/null inside");
            if (!S_ISCHR(status.st_mode) || status.st_rdev != makedev(1, 3))
                return Error{.what = "/dev/null inside is not the null device"};
        }
        if (dup2(own.get(), fd) < 0) return system_error("dup2", "cannot replace the host's null device");
    }
    return {};
}

} // namespace helper
