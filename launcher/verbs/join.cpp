#include "launcher/verbs/join.hpp"

#include "launcher/instance/cgroup.hpp"
#include "launcher/base/text.hpp"
#include "launcher/instance/control.hpp"
#include "launcher/plan/check.hpp"
#include "launcher/resolve/single.hpp"
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
    process.preserved_fds = wanted.preserved_fds;
    for (const char* name : of_this_start) {
        const auto is_it = [&](const std::string& entry) { return entry.starts_with(name); };
        std::erase_if(process.environment, is_it);
        std::copy_if(wanted.environment.begin(), wanted.environment.end(), std::back_inserter(process.environment), is_it);
    }
}

bool is_further(const plan::Mount& mount) { return base::is_below(plan::target_of(mount).text, resolve::further_files) && std::holds_alternative<plan::Bind>(mount); }

const plan::Bind* argument_of(const plan::Mount& mount) {
    const auto* bind = std::get_if<plan::Bind>(&mount);
    return bind != nullptr && is_argument(mount) ? bind : nullptr;
}

const plan::Bind* find_argument(const plan::Plan& running, const plan::Bind& file) {
    for (const plan::Mount& mount : running.mounts)
        if (const plan::Bind* other = argument_of(mount); other != nullptr && other->source == file.source && other->access == file.access) return other;
    return nullptr;
}

bool is_seen(const plan::Plan& running, const plan::Bind& file) {
    return std::any_of(running.mounts.begin(), running.mounts.end(), [&](const plan::Mount& other) {
        const auto* bind = std::get_if<plan::Bind>(&other);
        return bind != nullptr && bind->source == file.source && bind->target == file.target && bind->access == file.access;
    });
}

bool has_room(const plan::Plan& running) {
    return std::any_of(running.mounts.begin(), running.mounts.end(), [](const plan::Mount& mount) {
        return std::holds_alternative<plan::Tmpfs>(mount) && plan::target_of(mount).text == resolve::further_files;
    });
}

// The path that the next file gets: the number is that of nobody's before.
Result<std::string> next_place(const plan::Plan& running, const plan::Bind& file) {
    const auto refused = [&](std::string why) {
        return Error{.what = "'" + file.source.path.text + "' cannot be shown to '" + running.instance + "', which runs already and " + std::move(why),
                     .advice = "open it from there by its dialog, put it into a folder that the app sees, or start anew: sandbox kill " + running.instance,
                     .origin = file.origin};
    };
    if (!has_room(running)) return refused("sees what it saw at its start");
    const auto further = std::count_if(running.mounts.begin(), running.mounts.end(), is_further);
    if (static_cast<std::size_t>(further) >= resolve::most_further_files) return refused("was shown " + std::to_string(further) + " files since, which is the most");
    return base::joined(base::joined(resolve::further_files, std::to_string(further + 1)), base::name_in(file.target.text));
}

// `argument N` is the Nth of the last `words` of the command.
void readdress(plan::Process& process, std::size_t words, const plan::Bind& file, const std::string& path) {
    const auto number = base::whole_number(std::string_view(file.origin.file).substr(std::string_view("argument ").size()), words);
    if (!number || *number == 0) return; // no argument of this start
    const auto first = process.argv.end() - static_cast<std::ptrdiff_t>(words);
    const auto seen = resolve::readdressed({first, process.argv.end()}, *number - 1, process.cwd.text, file.target.text, path);
    std::copy(seen.begin(), seen.end(), first);
    if (base::is_below(process.cwd.text, file.target.text)) process.cwd.text.replace(0, file.target.text.size(), path);
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

Result<Launch> guest_of(const World& world, const instance::Instance& host, int deadline) {
    instance::Connection connection = TRY(instance::connect(host, deadline));
    Launch launch{.plan = TRY(instance::plan_of(host)), .record = {}, .cgroup = {}, .target = std::move(connection.app)};
    if (!host.state.cgroup.empty()) {
        launch.cgroup = TRY(instance::leaf_of(host.state)); // the same limits, or nothing
        if (!instance::may_enter(host.state)) TRY(come_near(world, host.state));
    }
    return launch;
}

bool is_argument(const plan::Mount& mount) { return plan::origin_of(mount).file.starts_with("argument "); }

Result<std::optional<Guest>> join_running(const World& world, const plan::Plan& wanted) {
    constexpr int deadline = 10'000, pause = 10; // milliseconds
    for (int waited = 0; waited <= deadline; waited += pause) {
        std::vector<instance::Instance> all = TRY(running_instances(world));
        const auto host = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.state.instance == wanted.instance; });
        if (host == all.end()) return std::optional<Guest>();
        if (host->state.app != wanted.app || host->state.profile != wanted.profile)
            return Error{.what = "an instance of another app or profile is called '" + wanted.instance + "'", .advice = "end it: sandbox kill " + wanted.instance};
        Result<Launch> guest = guest_of(world, *host, deadline);
        if (guest) {
            take_command(guest.value().plan.process, wanted.process);
            return std::optional(Guest{std::move(guest).value(), std::move(*host)});
        }
        if (guest.error().code != ESRCH) return std::move(guest).error();
        (void)usleep(pause * 1000); // it ends, or does not listen yet
    }
    return Error{.what = "'" + wanted.instance + "' neither starts nor ends", .advice = "see sandbox state " + wanted.instance};
}

Result<Launch> with_files(Guest guest, const plan::Plan& wanted, std::size_t words) {
    plan::Plan& plan = guest.launch.plan;
    std::vector<plan::Mount> added;
    if (std::any_of(wanted.mounts.begin(), wanted.mounts.end(), [](const plan::Mount& mount) { return argument_of(mount) != nullptr; })) {
        // The record first: whoever is killed on the way leaves an entry without a mount, and the next start with that file mounts it.
        const base::UniqueFd lock = TRY(instance::lock_for_change(guest.host));
        plan::Plan running = TRY(instance::plan_of(guest.host));
        const std::size_t before = running.mounts.size();
        for (const plan::Mount& mount : wanted.mounts) {
            const plan::Bind* file = argument_of(mount);
            if (file == nullptr || is_seen(running, *file)) continue;
            if (find_argument(running, *file) == nullptr) {
                plan::Bind shown = *file;
                shown.target.text = TRY(next_place(running, *file));
                running.mounts.emplace_back(std::move(shown));
            }
            const plan::Bind& shown = *find_argument(running, *file);
            readdress(plan.process, words, *file, shown.target.text);
            if (is_further(shown)) added.emplace_back(shown);
        }
        if (running.mounts.size() != before) {
            TRY(plan::check(running));
            TRY(instance::change_plan(guest.host, running));
        }
    }
    plan.mounts = std::move(added);
    TRY(plan::check(plan));
    return std::move(guest.launch);
}

} // namespace verbs
