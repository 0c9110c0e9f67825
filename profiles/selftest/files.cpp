// Files: what the launcher laid out on the host, what tells of the host in /proc and /sys, what runs at the next login.

#include "profiles/selftest/row.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace selftest {
namespace {

int opened(const std::string& path, int flags) {
    const int file = open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    if (file < 0) return errno;
    close(file);
    return 0;
}

// A file that is masked opens, as the null device, and holds nothing.
int has_contents(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0) return errno;
    struct stat status{};
    char byte = 0;
    const ssize_t count = fstat(file, &status) == 0 && S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3) ? 0 : read(file, &byte, 1);
    const int code = count > 0 ? 0 : count < 0 ? errno : ENODATA;
    close(file);
    return code;
}

// "DEVICE:INODE:PATH": the very file or folder of the host, and it could be written. A name of the app's own home is another.
int writable(const std::string& bait) {
    char* after = nullptr;
    const auto device = std::strtoull(bait.c_str(), &after, 10);
    const auto inode = std::strtoull(after + 1, &after, 10);
    struct stat status{};
    if (*after != ':' || stat(after + 1, &status) != 0) return ENOENT;
    if (status.st_dev != device || status.st_ino != inode) return ENOENT;
    return faccessat(AT_FDCWD, after + 1, W_OK, AT_EACCESS) == 0 ? 0 : errno;
}

// The first file of the tree that opens for writing; nothing is written.
std::string writable_below(const std::string& folder, int depth) {
    DIR* const stream = opendir(folder.c_str());
    std::string found;
    while (const dirent* entry = stream ? readdir(stream) : nullptr) {
        const std::string name = entry->d_name;
        if (name == "." || name == "..") continue;
        const std::string path = folder + "/" + name;
        struct stat status{};
        if (lstat(path.c_str(), &status) != 0) continue;
        if (S_ISDIR(status.st_mode) && depth > 0) found = writable_below(path, depth - 1);
        else if (S_ISREG(status.st_mode) && opened(path, O_WRONLY) == 0) found = path;
        if (!found.empty()) break;
    }
    if (stream) closedir(stream);
    return found;
}

constexpr const char* telling[] = {"/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/proc/interrupts", "/proc/latency_stats", "/proc/kpagecount",
                                   "/dev/kmsg", "/dev/mem", "/dev/port", "/proc/1/environ", "/proc/1/mem", "/proc/1/maps", "/etc/shadow", "/etc/gshadow"};
constexpr const char* steering[] = {"/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/vm/overcommit_memory", "/proc/sys/fs/suid_dumpable",
                                    "/proc/sys/user/max_user_namespaces", "/proc/irq/default_smp_affinity", "/sys/power/state", "/sys/kernel/uevent_helper", "/dev/mem"};

} // namespace

void try_files(const Baits& baits, Rows& rows) {
    for (const auto& [kind, path] : baits) {
        if (kind == "secret") rows.push_back(row(24, "read:" + path, has_contents(path)));
        if (kind == "secret") rows.push_back(row(24, "read:" + path + " by /proc/1/root", has_contents("/proc/1/root" + path)));
        if (kind == "protected") rows.push_back(row(42, "write:" + path.substr(path.find('/')), writable(path)));
    }
    for (const char* path : telling) rows.push_back(row(32, std::string("read:") + path, has_contents(path)));
    for (const char* path : steering) rows.push_back(row(32, std::string("write:") + path, opened(path, O_WRONLY)));
    for (const char* folder : {"/sys", "/proc/sys"}) {
        const std::string found = writable_below(folder, 4);
        rows.push_back(row(31, std::string("write:anything below ") + folder, found.empty() ? EROFS : 0));
        if (!found.empty()) rows.back().detail = found;
    }
    for (const char* folder : {"/usr", "/etc", "/", "/dev"}) {
        const std::string path = std::string(folder) + "/.sandbox-selftest";
        const int code = opened(path, O_WRONLY | O_CREAT | O_EXCL);
        if (code == 0) unlink(path.c_str());
        rows.push_back(row(42, std::string("make:a file in ") + folder, code));
    }
    struct stat null{};
    const bool real = stat("/dev/null", &null) == 0 && S_ISCHR(null.st_mode) && null.st_rdev == makedev(1, 3);
    rows.push_back(row(3, "node:/dev/null is the null device", real ? ENODEV : 0));
}

} // namespace selftest
