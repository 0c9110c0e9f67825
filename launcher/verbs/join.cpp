#include "launcher/verbs/join.hpp"

#include "launcher/instance/cgroup.hpp"
#include "launcher/instance/control.hpp"
#include "launcher/plan/check.hpp"
#include "launcher/verbs/lookup.hpp"
#include "launcher/verbs/stand_up.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;

// What a window manager hands to this one start.
constexpr std::array of_this_start{"DESKTOP_STARTUP_ID=", "XDG_ACTIVATION_TOKEN="};

void take_command(plan::Process& process, const plan::Process& wanted) {
    process.argv = wanted.argv;
    process.cwd = wanted.cwd;
    process.terminal = wanted.terminal;
    process.origin = wanted.origin;
    process.preserved_fds = 0;
    for (const char* name : of_this_start) {
        const auto is_it = [&](const std::string& entry) { return entry.starts_with(name); };
        std::erase_if(process.environment, is_it);
        std::copy_if(wanted.environment.begin(), wanted.environment.end(), std::back_inserter(process.environment), is_it);
    }
}

const plan::Bind* argument_of(const plan::Mount& mount) {
    const auto* bind = std::get_if<plan::Bind>(&mount);
    return bind != nullptr && is_argument(mount) ? bind : nullptr;
}

// A sandbox that runs is shown nothing more: each file of this start must be there, the same one at the same place.
Result<void> see_files(const plan::Plan& running, const plan::Plan& wanted) {
    for (const plan::Mount& mount : wanted.mounts) {
        const plan::Bind* file = argument_of(mount);
        if (file == nullptr) continue;
        const bool seen = std::any_of(running.mounts.begin(), running.mounts.end(), [&](const plan::Mount& other) {
            const auto* bind = std::get_if<plan::Bind>(&other);
            return bind != nullptr && bind->source == file->source && bind->target == file->target && bind->access == file->access;
        });
        if (seen) continue;
        return Error{.what = "'" + file->source.path.text + "' cannot be shown to '" + wanted.instance + "', which runs already and sees what it saw at its start",
                     .advice = "open it from there by its dialog, put it into a folder that the app sees, or start anew: sandbox kill " + wanted.instance,
                     .origin = file->origin};
    }
    return {};
}

// Beside the supervisor, from where the leaf of the app can be reached.
Result<void> come_near(const World& world, const plan::State& state) {
    const Error far{.what = "this process stands in a control group from which that of '" + state.instance + "' cannot be entered",
                    .advice = "start it below the same systemd user manager: systemd-run --user --scope sandbox exec …"};
    if (state.unit.empty()) return far;
    const std::optional<session::Session> session = begin_session(world);
    if (!session) return far;
    return session->attach(state.unit, "/supervisor", 5000);
}

} // namespace

bool is_argument(const plan::Mount& mount) { return plan::origin_of(mount).file.starts_with("argument "); }

Result<Launch> guest_of(const World& world, const instance::Instance& host, int deadline) {
    instance::Connection connection = TRY(instance::connect(host, deadline));
    Launch launch{.plan = TRY(instance::plan_of(host)), .record = {}, .cgroup = {}, .target = std::move(connection.app)};
    if (!host.state.cgroup.empty()) {
        launch.cgroup = TRY(instance::leaf_of(host.state)); // the same limits, or nothing
        if (!instance::may_enter(host.state)) TRY(come_near(world, host.state));
    }
    return launch;
}

Result<std::optional<Launch>> join_running(const World& world, const plan::Plan& wanted) {
    constexpr int deadline = 10'000, pause = 10; // milliseconds
    for (int waited = 0; waited <= deadline; waited += pause) {
        const std::vector<instance::Instance> all = TRY(running_instances(world));
        const auto host = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.state.instance == wanted.instance; });
        if (host == all.end()) return std::optional<Launch>();
        if (host->state.app != wanted.app || host->state.profile != wanted.profile)
            return Error{.what = "an instance of another app or profile is called '" + wanted.instance + "'", .advice = "end it: sandbox kill " + wanted.instance};
        Result<Launch> guest = guest_of(world, *host, deadline);
        if (guest) {
            TRY(see_files(guest.value().plan, wanted));
            take_command(guest.value().plan.process, wanted.process);
            TRY(plan::check(guest.value().plan));
            return std::optional(std::move(guest).value());
        }
        if (guest.error().code != ESRCH) return std::move(guest).error();
        (void)usleep(pause * 1000); // it ends, or does not listen yet
    }
    return Error{.what = "'" + wanted.instance + "' neither starts nor ends", .advice = "see sandbox state " + wanted.instance};
}

} // namespace verbs
