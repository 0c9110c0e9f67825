#include "helper/cgroup.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/base/text.hpp"

#include <cerrno>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

UniqueFd open_in(const UniqueFd& folder, const std::string& name, int flags) {
    return UniqueFd(openat(folder.get(), name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW));
}

Result<void> write_file(const UniqueFd& folder, const std::string& name, std::string_view value) {
    const UniqueFd file = open_in(folder, name, O_WRONLY);
    // One write: the kernel takes each as a whole value.
    if (!file.valid() || write(file.get(), value.data(), value.size()) != static_cast<ssize_t>(value.size()))
        return system_error("write", "cannot write '" + std::string(value) + "' to '" + name + "' of the control group");
    return {};
}

Result<UniqueFd> make_leaf(const UniqueFd& folder, const std::string& name) {
    if (mkdirat(folder.get(), name.c_str(), 0755) != 0) return system_error("mkdir", "cannot make the control group '" + name + "'");
    UniqueFd leaf = open_in(folder, name, O_RDONLY | O_DIRECTORY);
    if (leaf.valid()) return leaf;
    Error error = system_error("open", "cannot open the control group '" + name + "'");
    (void)unlinkat(folder.get(), name.c_str(), AT_REMOVEDIR); // empty, and nobody's otherwise
    return error;
}

using Refused = std::map<std::string, Error, std::less<>>; ///< by the name of the controller

// Each by itself: one that may not be handed down must not keep the others. A limit that needs it tells below.
Result<Refused> hand_controllers_down(const UniqueFd& folder) {
    Refused refused;
    const UniqueFd file = open_in(folder, "cgroup.controllers", O_RDONLY);
    if (!file.valid()) return system_error("open", "cannot read 'cgroup.controllers' of the control group");
    const std::string text = TRY(base::read_all(file, 4096));
    for (const std::string_view name : base::split(std::string_view(text).substr(0, text.find('\n')), ' ')) {
        auto written = name.empty() ? Result<void>() : write_file(folder, "cgroup.subtree_control", "+" + std::string(name));
        if (!written) refused.emplace(name, std::move(written).error());
    }
    return refused;
}

Result<void> apply_limit(const UniqueFd& leaf, const plan::Limit& limit, plan::Requirement requirement, const Refused& refused, std::vector<std::string>& warnings) {
    Result<void> written = write_file(leaf, limit.name, limit.value);
    if (written) return {};
    Error error = std::move(written).error();
    error.origin = limit.origin;
    if (error.code == ENOENT) { // the controller is not delegated to us; the launcher has told
        const std::string controller = limit.name.substr(0, limit.name.find('.'));
        const auto why = refused.find(controller);
        if (why != refused.end()) {
            error = why->second;
            error.origin = limit.origin;
            error.advice = "without it '" + limit.name + "' limits nothing";
            if (requirement != plan::Requirement::required) warnings.push_back(base::to_text(error));
        }
        if (requirement != plan::Requirement::required) return {};
        if (why == refused.end()) error.advice = "the controller '" + controller + "' is not delegated to this user";
    }
    return error;
}

} // namespace

Result<Cgroup> Cgroup::make(UniqueFd folder, bool scope, const std::string& name, const plan::Limits& limits) {
    Cgroup group;
    group.scope_ = scope;
    Refused refused;
    if (scope) { // no process may stay in a group that hands controllers down
        const UniqueFd supervisor = TRY(make_leaf(folder, "supervisor"));
        TRY(write_file(supervisor, "cgroup.procs", "0"));
        refused = TRY(hand_controllers_down(folder));
    }
    group.name_ = scope ? "app" : name;
    group.leaf_ = TRY(make_leaf(folder, group.name_));
    group.folder_ = std::move(folder);
    if (limits.requirement != plan::Requirement::off)
        for (const plan::Limit& limit : limits.values) TRY(apply_limit(group.leaf_, limit, limits.requirement, refused, group.warnings_));
    return group;
}

std::uint32_t Cgroup::oom_kills() const {
    const UniqueFd file = leaf_.valid() ? open_in(leaf_, "memory.events", O_RDONLY) : UniqueFd();
    const auto text = file.valid() ? base::read_all(file, 4096) : Result<std::string>(std::string());
    if (!text) return 0;
    constexpr std::string_view key = "oom_kill ";
    for (const std::string_view line : base::split(text.value(), '\n'))
        if (line.starts_with(key)) return static_cast<std::uint32_t>(base::whole_number(line.substr(key.size()), UINT32_MAX).value_or(0));
    return 0;
}

void Cgroup::end() {
    if (!leaf_.valid()) return;
    (void)write_file(leaf_, "cgroup.kill", "1"); // Linux 5.14; before it the end of process 1 ends all the same
    leaf_.reset();
    if (scope_) return; // systemd takes an empty scope away, and all below it
    // The kernel takes its time to let go of the dead.
    for (int attempt = 0; attempt < 200 && unlinkat(folder_.get(), name_.c_str(), AT_REMOVEDIR) != 0 && errno == EBUSY; ++attempt) {
        const timespec pause{0, 5'000'000};
        nanosleep(&pause, nullptr);
    }
    folder_.reset();
}

} // namespace helper
