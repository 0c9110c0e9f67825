#include "launcher/instance/cgroup.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/path.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <memory>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace instance {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

// Unified, and what systemd calls hybrid.
constexpr std::array mounts{"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};

std::string leaf_path(const plan::State& state) {
    return base::joined(state.cgroup, state.unit.empty() ? "sandbox-" + state.instance : "app");
}

bool is_cgroup(const UniqueFd& folder) {
    struct statfs file_system{};
    return folder.valid() && fstatfs(folder.get(), &file_system) == 0 && file_system.f_type == CGROUP2_SUPER_MAGIC;
}

} // namespace

std::string own_group() {
    const UniqueFd file = base::sys::open("/proc/self/cgroup", O_RDONLY);
    if (!file.valid()) return {};
    const auto text = base::read_all(file, 64U << 10);
    if (!text) return {};
    for (const std::string_view line : base::split(text.value(), '\n')) {
        if (!line.starts_with("0::/") || line.find("/..") != std::string_view::npos) continue; // above the root of our cgroup namespace
        for (const char* mount : mounts) {
            std::string folder = line == "0::/" ? mount : base::joined(mount, std::string(line.substr(4)));
            if (is_cgroup(base::sys::open(folder.c_str(), O_PATH | O_DIRECTORY))) return folder;
        }
    }
    return {};
}

bool is_delegated(const std::string& folder) {
    struct stat group{};
    struct stat members{};
    return !folder.empty() && geteuid() != 0 && stat(folder.c_str(), &group) == 0 && group.st_uid == geteuid() &&
           stat((folder + "/cgroup.procs").c_str(), &members) == 0 && members.st_uid == geteuid();
}

namespace {

Result<UniqueFd> open_group(const std::string& path) {
    UniqueFd group = base::sys::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!group.valid()) return system_error("open", "cannot open the control group '" + path + "'");
    if (!is_cgroup(group)) return Error{.what = "'" + path + "' is no control group", .code = EPROTO, .advice = "mount cgroup2 on /sys/fs/cgroup; see sandbox doctor"};
    return group;
}

} // namespace

Result<UniqueFd> leaf_of(const plan::State& state) {
    if (state.cgroup.empty())
        return Error{.what = "'" + state.instance + "' has no control group",
                     .advice = "start it below a systemd user manager; see sandbox doctor"};
    return open_group(leaf_path(state));
}

Result<UniqueFd> scope_of(const plan::State& state) {
    if (state.unit.empty()) return UniqueFd();
    return open_group(state.cgroup);
}

Result<std::string> read_file(const UniqueFd& group, const std::string& name) {
    const UniqueFd file(openat(group.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.valid()) return system_error("open", "cannot read '" + name + "' of the control group");
    std::string text = TRY(base::read_all(file, 1U << 20));
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

Result<void> write_file(const UniqueFd& group, const std::string& name, const std::string& value) {
    const UniqueFd file(openat(group.get(), name.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.valid() || write(file.get(), value.data(), value.size()) != static_cast<ssize_t>(value.size()))
        return system_error("write", "cannot write '" + value + "' to '" + name + "' of the control group");
    return {};
}

std::optional<std::uint64_t> value_in(const std::string& text, std::string_view key) {
    for (const std::string_view line : base::split(text, '\n'))
        if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == ' ') return base::whole_number(line.substr(key.size() + 1));
    return std::nullopt;
}

namespace {

Result<void> wait_frozen(const UniqueFd& events, bool frozen, int deadline) {
    // A change shows as POLLPRI until the same descriptor is read (kernfs): read before each wait, none is missed.
    using clock = std::chrono::steady_clock;
    for (const auto end = clock::now() + std::chrono::milliseconds(deadline);;) {
        if (lseek(events.get(), 0, SEEK_SET) != 0) return system_error("lseek", "cannot watch the control group");
        const std::string text = TRY(base::read_all(events, 4096));
        if (value_in(text, "frozen") == (frozen ? 1U : 0U)) return {};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - clock::now()).count();
        if (left <= 0) break;
        pollfd watched{events.get(), POLLPRI, 0};
        (void)poll(&watched, 1, static_cast<int>(left));
    }
    return Error{.what = frozen ? "the app did not freeze in time, and was thawed again" : "the app did not thaw in time", .code = ETIMEDOUT, .advice = "try again; a process of it that waits for a device cannot be stopped (state D in ps)"};
}

} // namespace

Result<void> freeze(const UniqueFd& leaf, bool frozen, int deadline) {
    const UniqueFd events(openat(leaf.get(), "cgroup.events", O_RDONLY | O_CLOEXEC));
    if (!events.valid()) return system_error("open", "cannot watch the control group");
    TRY(write_file(leaf, "cgroup.freeze", frozen ? "1" : "0"));
    auto waited = wait_frozen(events, frozen, deadline);
    if (!waited && frozen) (void)write_file(leaf, "cgroup.freeze", "0"); // never half frozen, whatever went wrong
    return waited;
}

std::vector<pid_t> processes(const UniqueFd& leaf) {
    std::vector<pid_t> found;
    if (const auto text = read_file(leaf, "cgroup.procs"))
        for (const std::string_view line : base::split(text.value(), '\n'))
            if (const auto pid = base::whole_number(line, INT_MAX); pid && *pid > 0) found.push_back(static_cast<pid_t>(*pid));
    const int copy = openat(leaf.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(copy >= 0 ? fdopendir(copy) : nullptr, closedir);
    while (const dirent* entry = stream ? readdir(stream.get()) : nullptr) {
        if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
        const UniqueFd below(openat(leaf.get(), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
        if (!below.valid()) continue;
        const std::vector<pid_t> more = processes(below);
        found.insert(found.end(), more.begin(), more.end());
    }
    return found;
}

std::vector<std::string> missing_limits(const std::string& folder, bool scope, const plan::Limits& limits) {
    std::vector<std::string> missing;
    const UniqueFd group = base::sys::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
    std::string controllers;
    if (auto text = read_file(group, scope ? "cgroup.controllers" : "cgroup.subtree_control")) controllers = std::move(text).value();
    const auto there = base::split(controllers, ' ');
    for (const plan::Limit& limit : limits.values) {
        std::string name = limit.name.substr(0, limit.name.find('.'));
        if (std::find(there.begin(), there.end(), name) != there.end()) {
            if (faccessat(group.get(), limit.name.c_str(), F_OK, 0) == 0) continue;
            name = limit.name; // as memory.swap.max, where the kernel does not count swap
        }
        if (std::find(missing.begin(), missing.end(), name) == missing.end()) missing.push_back(name);
    }
    return missing;
}

std::string rejoin(const std::string& unit) {
    const std::string own = own_group();
    const auto slice = own.rfind("/app.slice/");
    if (slice == std::string::npos) return {};
    std::string folder = own.substr(0, slice) + "/app.slice/" + unit;
    const UniqueFd group = base::sys::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!is_cgroup(group) || !write_file(group, "cgroup.procs", "0") || own_group() != folder) return {};
    return folder;
}

bool may_enter(const plan::State& state) {
    const std::string own = own_group() + "/";
    const std::string other = leaf_path(state) + "/";
    const auto differ = static_cast<std::size_t>(std::mismatch(own.begin(), own.end(), other.begin(), other.end()).first - own.begin());
    const std::string above = own.substr(0, own.rfind('/', differ == 0 ? 0 : differ - 1));
    return access((above + "/cgroup.procs").c_str(), W_OK) == 0;
}

Cleaned clean_group(const plan::State& state) {
    const bool scope = !state.unit.empty();
    if (state.cgroup.empty()) return scope ? Cleaned::unit_may_stand : Cleaned::whole; // killed while its scope was made
    const UniqueFd above = base::sys::open(state.cgroup.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!is_cgroup(above)) return Cleaned::whole;
    if (scope) {
        if (state.unit.starts_with("app-sandbox-") && state.cgroup.ends_with("/" + state.unit)) (void)write_file(above, "cgroup.kill", "1");
        return Cleaned::unit_may_stand;
    }
    const std::string name = "sandbox-" + state.instance;
    const UniqueFd leaf(openat(above.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!leaf.valid()) return Cleaned::whole;
    (void)write_file(leaf, "cgroup.kill", "1");
    for (int attempt = 0; attempt < 100 && unlinkat(above.get(), name.c_str(), AT_REMOVEDIR) != 0 && errno == EBUSY; ++attempt)
        (void)poll(nullptr, 0, 5);
    return Cleaned::whole;
}

} // namespace instance
