#include "helper/complaint.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/sys.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>

namespace helper {
namespace {

using base::Error;

// A knob of the host that forbids what was tried: the value that forbids, the errno that it leads to, and the cure.
struct Knob {
    const char* file;
    char forbids;
    const char* advice;
};

constexpr std::array knobs{
    Knob{"/proc/sys/kernel/unprivileged_userns_clone", '0',
         "this host forbids unprivileged user namespaces: sysctl kernel.unprivileged_userns_clone=1"},
    Knob{"/proc/sys/user/max_user_namespaces", '0', "this host forbids user namespaces: sysctl user.max_user_namespaces=10000"},
    Knob{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", '1',
         "this host's AppArmor restricts user namespaces: load the AppArmor profile that grants userns to sandbox, or sysctl "
         "kernel.apparmor_restrict_unprivileged_userns=0"},
};

std::string knob_advice() {
    for (const Knob& knob : knobs) {
        const base::UniqueFd file = base::sys::open(knob.file, O_RDONLY);
        if (!file.valid()) continue;
        const auto text = base::read_all(file, 64);
        if (text && !text.value().empty() && text.value()[0] == knob.forbids) return knob.advice;
    }
    return {};
}

// Stages that fail with EPERM or the like when the host withholds user namespaces or what comes with them.
bool needs_namespaces(plan::Stage stage) {
    return stage == plan::Stage::clone || stage == plan::Stage::maps || stage == plan::Stage::root || stage == plan::Stage::mount;
}

std::string namespace_advice(const Error& error) {
    if (error.code == ENOSYS)
        return "this kernel, or the filter of a container around us, lacks this call; Linux 5.14 or newer is needed";
    if (error.code == EPERM || error.code == EACCES || error.code == ENOSPC || error.code == EUSERS) {
        if (std::string knob = knob_advice(); !knob.empty()) return knob;
        if (error.code == ENOSPC || error.code == EUSERS) return "the limit of namespaces is reached: see /proc/sys/user/max_*_namespaces";
    }
    return {};
}

base::Origin origin_of(const plan::Plan& plan, const plan::Report& report) {
    const auto has = [&](const auto& list) { return report.item >= 0 && static_cast<std::size_t>(report.item) < list.size(); };
    const auto item = static_cast<std::size_t>(report.item);
    switch (report.stage) {
    case plan::Stage::mount: return has(plan.mounts) ? plan::origin_of(plan.mounts[item]) : base::Origin{};
    case plan::Stage::root: return plan.security.lsm.origin; // of what is made there only a label is asked for
    case plan::Stage::sysctl: return has(plan.sysctls) ? plan.sysctls[item].origin : base::Origin{};
    case plan::Stage::rlimits: return has(plan.process.rlimits) ? plan.process.rlimits[item].origin : base::Origin{};
    case plan::Stage::maps:
    case plan::Stage::identity: return plan.ids.origin;
    case plan::Stage::sidecar: return plan.network.origin;
    case plan::Stage::landlock: return plan.security.landlock.origin;
    case plan::Stage::lsm: return plan.security.lsm.origin;
    case plan::Stage::seccomp: return plan.security.seccomp.origin;
    case plan::Stage::network: return has(plan.network.routes) ? plan.network.routes[item].origin : plan.namespaces.net.origin;
    case plan::Stage::lookup:
    case plan::Stage::exec: // a command of the command line needs no pointer to itself
        return plan.process.origin.line != 0 ? plan.process.origin : base::Origin{};
    case plan::Stage::receive: case plan::Stage::clone: case plan::Stage::join: case plan::Stage::console:
    case plan::Stage::nested: case plan::Stage::pivot: case plan::Stage::hostname: case plan::Stage::init:
    case plan::Stage::session: case plan::Stage::loopback: case plan::Stage::capabilities:
    case plan::Stage::privileges: case plan::Stage::keyring: case plan::Stage::terminal: case plan::Stage::cwd:
        return {};
    }
    return {};
}

base::Failure failure_of(const plan::Report& report) {
    if (report.stage != plan::Stage::lookup && report.stage != plan::Stage::exec) return base::Failure::ours;
    const bool missing = report.stage == plan::Stage::lookup && (report.code == ENOENT || report.code == ENOTDIR);
    return missing ? base::Failure::not_found : base::Failure::not_executable;
}

} // namespace

Error complaint(plan::Stage stage, Error error) {
    if (error.advice.empty() && needs_namespaces(stage)) error.advice = namespace_advice(error);
    return error;
}

Error sentence(const plan::Report& report) {
    const auto text = [](const auto& field) { // it came over a socket: never trust the end mark
        const auto end = std::find(field.begin(), field.end(), '\0');
        return std::string(field.begin(), end);
    };
    const std::string detail = text(report.detail);
    const auto separator = std::min(detail.find('\x1f'), detail.size());
    return Error{.what = detail.substr(0, separator),
                 .call = text(report.call),
                 .code = report.code,
                 .advice = separator < detail.size() ? detail.substr(separator + 1) : "",
                 .failure = failure_of(report)};
}

Error complaint(const plan::Plan& plan, const plan::Report& report) {
    Error error = sentence(report);
    error.origin = origin_of(plan, report);
    return complaint(report.stage, std::move(error));
}

} // namespace helper
