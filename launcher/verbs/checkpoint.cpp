#include "launcher/verbs/checkpoint.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"
#include "launcher/verbs/lookup.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/capability.h>
#include <spawn.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using base::UniqueFd;

constexpr std::array checkpoint_rows{
    OptionRow{"--image-path", 0, "DIR", "the folder for the images"},
    OptionRow{"--leave-running", 0, "", "let the sandbox go on afterwards"},
};
constexpr std::array restore_rows{OptionRow{"--image-path", 0, "DIR", "the folder of the images"}};

// criu(8) for others than root: since 3.18, with CAP_CHECKPOINT_RESTORE (capabilities(7), Linux 5.9) on its file.
constexpr std::uint64_t least_major = 3, least_minor = 18;

/// criu in the caller's PATH, or where distributions put it; empty: nowhere.
std::string find_criu(const World& world) {
    const std::string folders = variable(world, "PATH") + ":/usr/local/sbin:/usr/sbin:/sbin";
    for (const std::string_view folder : base::split(folders, ':')) {
        std::string path = base::joined(std::string(folder), "criu");
        if (folder.starts_with('/') && access(path.c_str(), X_OK) == 0) return path;
    }
    return {};
}

/// What `criu --version` says; empty: it cannot be asked.
std::string version_of(const std::string& program) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return {};
    const UniqueFd reading(ends[0]);
    UniqueFd writing(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, writing.get(), 1);
    const std::array<char*, 3> argv{const_cast<char*>("criu"), const_cast<char*>("--version"), nullptr};
    const std::array<char*, 1> environment{nullptr};
    pid_t pid = -1;
    errno = posix_spawn(&pid, program.c_str(), &actions, nullptr, argv.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    if (errno != 0) return {};
    writing.reset();
    Result<std::string> text = base::read_all(reading, 64U << 10);
    while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
    return text ? std::move(text).value() : std::string();
}

/// "Version: 3.17.1" → {3, 17}; nothing: it says something else.
struct Version {
    std::uint64_t major, minor;
};
std::optional<Version> version_in(const std::string& text) {
    constexpr std::string_view before = "Version: ";
    for (const std::string_view line : base::split(text, '\n')) {
        if (!line.starts_with(before)) continue;
        const auto parts = base::split(line.substr(before.size()), '.');
        const auto major = base::whole_number(parts[0], 1000);
        const auto minor = parts.size() > 1 ? base::whole_number(parts[1], 1000) : std::nullopt;
        if (major && minor) return Version{*major, *minor};
    }
    return std::nullopt;
}

/// Whether the file gives who runs it CAP_CHECKPOINT_RESTORE (the attribute of setcap(8)).
bool has_capability(const std::string& program) {
    vfs_ns_cap_data data{};
    const ssize_t size = getxattr(program.c_str(), "security.capability", &data, sizeof data);
    if (size < static_cast<ssize_t>(XATTR_CAPS_SZ_2)) return false;
    return (data.data[CAP_TO_INDEX(CAP_CHECKPOINT_RESTORE)].permitted & CAP_TO_MASK(CAP_CHECKPOINT_RESTORE)) != 0;
}

/// The first thing that stands in the way, and the one command that mends it.
Error obstacle(const World& world, const std::string& verb) {
    const std::string begin = verb + " needs criu";
    const std::string program = find_criu(world);
    if (program.empty()) return Error{.what = begin + ", which is not installed here", .advice = "as root: apt-get install criu, or your system's way to install it"};
    const auto version = version_in(version_of(program));
    if (!version) return Error{.what = begin + ", and '" + program + "' does not tell its version", .advice = "see criu --version"};
    const std::string name = "'" + program + "', criu " + std::to_string(version->major) + "." + std::to_string(version->minor) + ",";
    if (version->major < least_major || (version->major == least_major && version->minor < least_minor))
        return Error{.what = begin + " 3.18 or newer, and " + name + " does not work for others than root", .advice = "install a newer one"};
    if (geteuid() != 0 && !has_capability(program))
        return Error{.what = begin + ", and " + name + " lacks the capability cap_checkpoint_restore", .advice = "as root: setcap cap_checkpoint_restore+eip " + program};
    return Error{.what = name + " could be used, but this version of sandbox cannot drive it yet", .advice = "end the app and start it again instead"};
}

Result<void> need_folder(const Parsed& parsed) {
    if (parsed.last("--image-path").empty()) return Error{.what = "no folder of images is named", .advice = "say --image-path DIR", .failure = base::Failure::usage};
    return {};
}

} // namespace

std::span<const OptionRow> checkpoint_options() { return checkpoint_rows; }
std::span<const OptionRow> restore_options() { return restore_rows; }

Result<Outcome> checkpoint(const World& world, const Parsed& parsed) {
    TRY(need_folder(parsed));
    (void)TRY(find_instance(world, parsed));
    return obstacle(world, "checkpoint");
}

Result<Outcome> restore(const World& world, const Parsed& parsed) {
    TRY(need_folder(parsed));
    if (!parsed.rest.empty())
        return Error{.what = "'" + parsed.rest[0] + "': restore takes no instance", .advice = "its id is in the images", .failure = base::Failure::usage};
    return obstacle(world, "restore");
}

} // namespace verbs
