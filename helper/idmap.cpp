#include "helper/idmap.hpp"

#include "helper/defence.hpp"
#include "launcher/base/sys.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <spawn.h>
#include <sys/stat.h>
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

// A folder of the real procfs, not of something that was mounted there (CVE-2019-19921).
Result<UniqueFd> process_folder(pid_t pid, const UniqueFd& pidfd) {
    const UniqueFd proc = sys::openat2(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY, RESOLVE_NO_SYMLINKS);
    struct statfs kind{};
    if (!proc.valid() || fstatfs(proc.get(), &kind) != 0) return system_error("openat2", "cannot open /proc");
    if (on(Defence::procfs) && kind.f_type != PROC_SUPER_MAGIC) return Error{.what = "/proc of this host is no procfs"};
    UniqueFd folder = sys::openat2(proc.get(), std::to_string(pid).c_str(), O_PATH | O_DIRECTORY,
                                   RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    if (!folder.valid()) return system_error("openat2", "cannot open the child's folder in /proc");
    pollfd death{pidfd.get(), POLLIN, 0};
    if (on(Defence::alive) && poll(&death, 1, 0) != 0) return Error{.what = "the child died before its ids were mapped", .code = ESRCH};
    return folder;
}

Result<void> write_file(const UniqueFd& folder, const char* name, std::string_view text) {
    const UniqueFd file = sys::openat2(folder.get(), name, O_WRONLY, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    if (!file.valid()) return system_error("openat2", std::string("cannot open the child's ") + name);
    // The kernel takes a map in one write only.
    if (write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    {
        Error error = system_error("write", std::string("cannot write the child's ") + name);
        if (error.code == EPERM && text.starts_with("0 0 ")) // Linux 5.12
            error.advice = "user 0 can be mapped only by who has CAP_SETFCAP; start as another user of this container";
        return error;
    }
    return {};
}

bool is_own(const std::vector<plan::IdRange>& map, std::uint32_t own) {
    return map.size() == 1 && map[0].count == 1 && map[0].outside == own;
}

std::string lines_of(const std::vector<plan::IdRange>& map) {
    std::string text;
    for (const plan::IdRange& range : map)
        text += std::to_string(range.inside) + ' ' + std::to_string(range.outside) + ' ' + std::to_string(range.count) + '\n';
    return text;
}

// newuidmap(1) and newgidmap(1) are setuid programs of the system: absolute path, fixed arguments, empty environment.
// The number that they get cannot be another process's: the child is ours to reap.
Result<void> run_tool(const char* tool, pid_t pid, const std::vector<plan::IdRange>& map) {
    std::vector<std::string> words{tool, std::to_string(pid)};
    for (const plan::IdRange& range : map)
        for (const std::uint32_t number : {range.inside, range.outside, range.count}) words.push_back(std::to_string(number));
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    char* const environment[] = {nullptr};
    pid_t child = -1;
    posix_spawn_file_actions_t quiet; // what they say of it is said better below
    if (posix_spawn_file_actions_init(&quiet) != 0) return Error{.what = std::string("cannot run ") + tool, .code = ENOMEM};
    for (int fd = 0; fd < 3; ++fd) (void)posix_spawn_file_actions_addopen(&quiet, fd, "/dev/null", O_RDWR, 0); // ENOMEM shows below
    const int code = posix_spawn(&child, tool, &quiet, nullptr, argv.data(), environment);
    posix_spawn_file_actions_destroy(&quiet);
    if (code != 0)
        return Error{.what = std::string("cannot run ") + tool,
                     .call = "posix_spawn",
                     .code = code,
                     .advice = "install the package uidmap"};
    const UniqueFd pidfd = sys::pidfd_open(child);
    pollfd end{pidfd.get(), POLLIN, 0};
    constexpr int deadline = 10'000; // milliseconds; a name service behind these tools may hang
    if (pidfd.valid() && poll(&end, 1, deadline) == 0) (void)sys::pidfd_send_signal(pidfd, SIGKILL); // then reaped below
    int status = 0;
    if (waitpid(child, &status, 0) != child) return system_error("waitpid", std::string("cannot wait for ") + tool);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return Error{.what = std::string(tool) + " refused the id map",
                     .advice = "give the user ranges in /etc/subuid and /etc/subgid that cover it (see subuid(5))"};
    return {};
}

} // namespace

Result<void> write_id_maps(const plan::Ids& ids, pid_t pid, const UniqueFd& pidfd) {
    const UniqueFd folder = TRY(process_folder(pid, pidfd));
    const bool privileged = geteuid() == 0;
    const bool own_gid = is_own(ids.gid_map, getegid());
    if (ids.groups == plan::Groups::keep) TRY(write_file(folder, "setgroups", "deny"));
    if (own_gid || privileged) TRY(write_file(folder, "gid_map", lines_of(ids.gid_map)));
    else TRY(run_tool("/usr/bin/newgidmap", pid, ids.gid_map));
    if (is_own(ids.uid_map, geteuid()) || privileged) TRY(write_file(folder, "uid_map", lines_of(ids.uid_map)));
    else TRY(run_tool("/usr/bin/newuidmap", pid, ids.uid_map));
    return {};
}

} // namespace helper
