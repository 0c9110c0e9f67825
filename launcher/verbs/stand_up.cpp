#include "launcher/verbs/stand_up.hpp"

#include "launcher/base/process.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/instance/cgroup.hpp"
#include "launcher/instance/record.hpp"

#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using base::UniqueFd;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

// What keeps the limits of the Plan from being in force; an empty text: nothing does.
struct Lack {
    std::string what, advice;
};

Lack lack_of(const std::string& group, const plan::Limits& limits) {
    if (limits.values.empty()) return {};
    if (group.empty())
        return {"there is no control group to limit the app by: no delegated cgroup2 group here",
                "start it below a systemd user manager, or give this user a cgroup2 group of its own"};
    const std::vector<std::string> missing = instance::missing_controllers(group, limits);
    if (missing.empty()) return {};
    return {"the controllers of some limits are not delegated to this user: " + joined(missing),
            "as root, in /etc/systemd/system/user@.service.d/delegate.conf: [Service] Delegate=cpu cpuset io memory pids; then log in again"};
}

Result<void> weigh(const Lack& lack, const plan::Limits& limits, std::vector<std::string>& warnings) {
    if (lack.what.empty() || limits.requirement == plan::Requirement::off) return {};
    const base::Origin origin = limits.values.empty() ? base::Origin{} : limits.values.front().origin;
    if (limits.requirement == plan::Requirement::required)
        return Error{.what = "limits are required, and " + lack.what, .advice = lack.advice, .origin = origin};
    warnings.push_back((origin.file.empty() ? "" : to_text(origin) + ": ") + "limits are not in force: " + lack.what + "; " + lack.advice);
    return {};
}

// The group of a scope that was made just now, once this process stands in it: a desktop shell may have moved us.
std::string scope_group(const session::Session& session, const plan::Plan& plan, const std::string& unit, std::vector<std::string>& warnings) {
    const auto told = [&](const std::string& text) {
        warnings.push_back("there is no scope for this app: " + text);
        return std::string();
    };
    const auto made = session.make_scope(unit, "Sandbox of " + plan.app, plan.limits, 5000);
    if (!made) return told(made.error().what + (made.error().advice.empty() ? "" : "; " + made.error().advice));
    const std::string group = instance::own_group();
    if (!group.ends_with("/" + unit)) return told("systemd made '" + unit + "' and this process is not in it");
    return group;
}

} // namespace

std::optional<session::Session> begin_session(const World& world) {
    const std::string runtime = runtime_folder(world).text;
    if (runtime.empty() || access((runtime + "/systemd/private").c_str(), W_OK) != 0) return std::nullopt;
    auto session = session::Session::start(world.session, world.environment);
    if (!session) return std::nullopt; // stand_up finds no group, and tells what follows from it
    return std::move(session).value();
}

Result<Launch> stand_up(const World& world, std::optional<session::Session> session, plan::Plan plan, std::vector<std::string>& warnings) {
    Launch launch{.plan = std::move(plan), .record = {}, .cgroup = {}, .target = {}};
    plan::State state;
    state.instance = launch.plan.instance;
    state.app = launch.plan.app;
    state.profile = launch.plan.profile;
    state.supervisor = static_cast<std::uint32_t>(getpid());
    state.created = static_cast<std::uint64_t>(time(nullptr));
    if (session) {
        state.unit = session::unit_of(state.instance);
        state.cgroup = scope_group(*session, launch.plan, state.unit, warnings);
        if (state.cgroup.empty()) state.unit.clear();
        session.reset();
    }
    if (const std::string group = instance::own_group(); state.cgroup.empty() && instance::is_delegated(group)) state.cgroup = group;
    TRY(weigh(lack_of(state.cgroup, launch.plan.limits), launch.plan.limits, warnings));
    const base::HostPath runtime = runtime_folder(world);
    if (runtime.text.empty()) {
        warnings.push_back("there is no runtime folder (XDG_RUNTIME_DIR): 'sandbox ps' and the like will not know this app");
        return launch;
    }
    state.supervisor_start = TRY(base::start_time(getpid()));
    const auto record = [&]() -> Result<UniqueFd> {
        const UniqueFd records = TRY(instance::records(runtime));
        return instance::create(records, state, launch.plan);
    };
    Result<UniqueFd> made = record();
    if (made) launch.record = std::move(made).value();
    else if (made.error().code != 0 && made.error().code != EROFS && made.error().code != EACCES) return std::move(made).error();
    else warnings.push_back("'sandbox ps' and the like will not know this app: " + to_text(made.error()));
    if (!state.cgroup.empty()) launch.cgroup = base::sys::open(state.cgroup.c_str(), O_RDONLY | O_DIRECTORY);
    return launch;
}

} // namespace verbs
