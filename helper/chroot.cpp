#include "helper/chroot.hpp"

#include "helper/tree.hpp"
#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Result;
using base::system_error;
using base::UniqueFd;
namespace sys = base::sys;

// "\040" → " ", as proc_pid_mountinfo(5) writes what would break its columns.
std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\' || at + 3 >= text.size()) {
            out += text[at];
            continue;
        }
        out += static_cast<char>((text[at + 1] - '0') << 6 | (text[at + 2] - '0') << 3 | (text[at + 3] - '0'));
        at += 3;
    }
    return out;
}

// A lookup from our own root still ends in the host's tree (the new root is stacked on it); what is there is asked of the kernel,
// not of the table, which names mounts of the new root by the same paths.
Result<void> cover(const std::string& path) {
    const UniqueFd place = sys::openat2(AT_FDCWD, path.c_str(), O_PATH | O_NOFOLLOW, RESOLVE_NO_SYMLINKS);
    // Out of reach for us is out of reach for the app, which has no more rights: below a folder that is closed, or covered itself.
    if (!place.valid() && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EACCES)) return {};
    struct statfs kind{};
    struct stat status{};
    if (!place.valid() || fstatfs(place.get(), &kind) != 0 || fstat(place.get(), &status) != 0) return system_error("openat2", "cannot look at '" + path + "' of the host");
    if ((kind.f_type != PROC_SUPER_MAGIC && kind.f_type != SYSFS_MAGIC) || !S_ISDIR(status.st_mode)) return {}; // a single file of it shows no whole one
    const UniqueFd empty = TRY(fresh_tmpfs(4096, 1, 0555, plan::Execution::denied, {}));
    if (sys::move_mount(empty.get(), "", place.get(), "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) != 0)
        return system_error("move_mount", "cannot cover '" + path + "' of the host");
    return {};
}

} // namespace

Result<void> change_root_by_chroot() {
    constexpr std::size_t largest_table = 16U << 20;
    const UniqueFd table = sys::open("/proc/self/mountinfo", O_RDONLY);
    if (!table.valid()) return system_error("open", "cannot read the host's mounts");
    const std::string text = TRY(base::read_all(table, largest_table));
    for (const std::string_view line : base::split(text, '\n')) {
        const auto fields = base::split(line, ' ');
        if (fields.size() > 4) TRY(cover(unescaped(fields[4])));
    }
    if (chroot(".") != 0) return system_error("chroot", "cannot make the new root the root");
    if (chdir("/") != 0) return system_error("chdir", "cannot enter the new root");
    return {};
}

} // namespace helper
