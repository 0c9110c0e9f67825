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
    if (on(Defence::procfs) && kind.f_type != PROC_SUPER_MAGIC) return Error{.what = "/proc of this host is no procfs", .advice = "as root: mount -t proc proc /proc"};
    UniqueFd folder = sys::openat2(proc.get(), std::to_string(pid).c_str(), O_PATH | O_DIRECTORY,
                                   RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
    if (!folder.valid()) return system_error("openat2", "cannot open the child's folder in /proc");
    pollfd death{pidfd.get(), POLLIN, 0};
    if (on(Defence::alive) && poll(&death, 1, 0) != 0) return Error{.what = "the child died before its ids were mapped", .code = ESRCH, .advice = "it was killed from outside, or memory is short: try again"};
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

constexpr int target_fd = 3;

// newuidmap(1) and newgidmap(1) are setuid programs of the system: absolute path, fixed arguments, empty environment. Whether it
// took the map.
Result<bool> run_tool(std::vector<std::string> words, const UniqueFd& folder) {
    const char* tool = words.front().c_str();
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    char* const environment[] = {nullptr};
    pid_t child = -1;
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0) return Error{.what = std::string("cannot run ") + tool, .code = ENOMEM};
    // What they say of it is said better below. ENOMEM of each shows in what comes of it.
    for (int fd = 0; fd < 3; ++fd) (void)posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
    (void)posix_spawn_file_actions_adddup2(&actions, folder.get(), target_fd); // without close-on-exec, even onto itself
    const int code = posix_spawn(&child, tool, &actions, nullptr, argv.data(), environment);
    posix_spawn_file_actions_destroy(&actions);
    if (code != 0)
        return Error{.what = std::string("cannot run ") + tool,
                     .call = "posix_spawn",
                     .code = code,
                     .advice = code == ENOENT ? "install the package uidmap" : ""};
    const UniqueFd pidfd = sys::pidfd_open(child);
    pollfd end{pidfd.get(), POLLIN, 0};
    constexpr int deadline = 10'000; // milliseconds; a name service behind these tools may hang
    const bool late = !pidfd.valid() || poll(&end, 1, deadline) == 0;
    if (late) (void)kill(child, SIGKILL); // ours to reap, below: the number is still its own
    int status = 0;
    if (waitpid(child, &status, 0) != child) return system_error("waitpid", std::string("cannot wait for ") + tool);
    if (late) return Error{.what = std::string(tool) + " did not end within ten seconds", .advice = "is a name service of this host hanging (nsswitch.conf(5))?"};
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// By the descriptor of the child's folder where the tool takes one (shadow 4.14), else by its number, which cannot be another
// process's: the child is ours to reap. An older tool refuses the descriptor as no number, and does nothing. Remove the second
// when shadow >= 4.14 is the floor.
Result<void> map_by_tool(const char* tool, pid_t pid, const UniqueFd& folder, const std::vector<plan::IdRange>& map) {
    for (const std::string& target : {"fd:" + std::to_string(target_fd), std::to_string(pid)}) {
        std::vector<std::string> words{tool, target};
        for (const plan::IdRange& range : map)
            for (const std::uint32_t number : {range.inside, range.outside, range.count}) words.push_back(std::to_string(number));
        if (TRY(run_tool(std::move(words), folder))) return {};
    }
    return Error{.what = std::string(tool) + " refused the id map",
                 .advice = "give the user ranges in /etc/subuid and /etc/subgid that cover it (see subuid(5))"};
}

} // namespace

Result<void> write_id_maps(const plan::Ids& ids, pid_t pid, const UniqueFd& pidfd) {
    const UniqueFd folder = TRY(process_folder(pid, pidfd));
    const bool privileged = geteuid() == 0;
    const bool own_gid = is_own(ids.gid_map, getegid());
    if (ids.groups == plan::Groups::keep) TRY(write_file(folder, "setgroups", "deny"));
    if (own_gid || privileged) TRY(write_file(folder, "gid_map", lines_of(ids.gid_map)));
    else TRY(map_by_tool("/usr/bin/newgidmap", pid, folder, ids.gid_map));
    if (is_own(ids.uid_map, geteuid()) || privileged) TRY(write_file(folder, "uid_map", lines_of(ids.uid_map)));
    else TRY(map_by_tool("/usr/bin/newuidmap", pid, folder, ids.uid_map));
    return {};
}

bool needs_no_tool(const plan::Ids& ids) { return geteuid() == 0 || (is_own(ids.gid_map, getegid()) && is_own(ids.uid_map, geteuid())); }

} // namespace helper
