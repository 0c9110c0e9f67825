#include "launcher/verbs/stand_up.hpp"

#include "launcher/base/io.hpp"
#include "launcher/base/process.hpp"
#include "launcher/base/sys.hpp"
#include "launcher/instance/cgroup.hpp"
#include "launcher/instance/record.hpp"

#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using base::UniqueFd;

constexpr int soon = 10'000; ///< milliseconds that the user's manager may take to answer

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

// What keeps the limits of the Plan from being in force; an empty text: nothing does.
struct Lack {
    std::string what, advice;
};

Lack lack_of(const plan::State& state, const plan::Limits& limits, const Lack& no_scope) {
    if (limits.values.empty()) return {};
    if (state.cgroup.empty() && !no_scope.what.empty()) return {"there is no scope to limit the app by: " + no_scope.what, no_scope.advice};
    if (state.cgroup.empty())
        return {"there is no control group to limit the app by: no delegated cgroup2 group here",
                "start it below a systemd user manager, or give this user a cgroup2 group of its own"};
    const std::vector<std::string> missing = instance::missing_limits(state.cgroup, !state.unit.empty(), limits);
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

// The folder of a new scope, with this process in it. A desktop's shell may take it out again, once, and systemd takes away
// what is empty.
Result<std::string> scope_group(const session::Session& session, const plan::Plan& plan, const std::string& unit) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        TRY(session.make_scope(unit, "Sandbox of " + plan.app, plan.limits, soon));
        std::string group = instance::own_group();
        if (!group.ends_with("/" + unit)) group = instance::rejoin(unit);
        if (!group.empty() && access(group.c_str(), F_OK) == 0) return group;
        (void)session.stop(unit, soon); // nobody is in it
    }
    return Error{.what = "systemd made '" + unit + "', and this process was moved out of it", .advice = "try again; if it goes on, end what moves new programs into scopes of their own"};
}

// Without a scope: the group that this process is in, if it is given to this user.
void find_group(plan::State& state) {
    if (const std::string group = instance::own_group(); instance::is_delegated(group)) state.cgroup = group;
}

// A record of this start that goes again when the start fails.
class Recorded {
public:
    Recorded(UniqueFd folder, std::string name) : folder_(std::move(folder)), name_(std::move(name)) {}
    ~Recorded() { if (folder_.valid()) instance::remove(folder_, name_); }
    Recorded(const Recorded&) = delete;
    Recorded& operator=(const Recorded&) = delete;
    const UniqueFd& folder() const { return folder_; }
    UniqueFd keep() { return std::move(folder_); }

private:
    UniqueFd folder_;
    std::string name_;
};

Result<UniqueFd> make_record(const base::HostPath& runtime, const plan::State& state, const plan::Plan& plan, std::vector<std::string>& warnings) {
    const auto unknown = [&](const std::string& why) {
        warnings.push_back("'sandbox ps' and the like will not know this app: " + why);
        return UniqueFd();
    };
    if (runtime.text.empty()) return unknown("there is no runtime folder (XDG_RUNTIME_DIR)");
    Result<UniqueFd> records = instance::records(runtime);
    Result<UniqueFd> made = records ? instance::create(records.value(), state, plan) : std::move(records);
    if (made || (made.error().code != 0 && made.error().code != EROFS && made.error().code != EACCES)) return made;
    return unknown(to_text(made.error()));
}

} // namespace

std::optional<session::Session> begin_session(const World& world) {
    const std::string runtime = runtime_folder(world).text;
    if (runtime.empty() || access((runtime + "/systemd/private").c_str(), W_OK) != 0) return std::nullopt;
    return session::Session::start(world.session, world.environment); // without it stand_up finds no group, and tells what follows from it
}

void wake_documents(const World& world, const profile::Profile& profile) {
    constexpr int soon_enough = 5'000; // milliseconds
    const auto wish = profile.services.find("portals");
    const std::string runtime = runtime_folder(world).text;
    if (wish == profile.services.end() || !wish->second.value.enabled || runtime.empty()) return;
    if (access((runtime + "/doc/by-app").c_str(), F_OK) == 0) return;
    if (variable(world, "DBUS_SESSION_BUS_ADDRESS").empty() && !base::is_listened_to(runtime + "/bus")) return;
    if (const auto session = session::Session::start(world.session, world.environment)) (void)session->wake_documents(soon_enough);
}

Result<Launch> stand_up(const World& world, std::optional<session::Session> session, plan::Plan plan, std::vector<std::string>& warnings) {
    Launch launch{.plan = std::move(plan), .record = {}, .cgroup = {}, .target = {}};
    plan::State state;
    state.instance = launch.plan.instance;
    state.app = launch.plan.app;
    state.profile = launch.plan.profile;
    state.supervisor = static_cast<std::uint32_t>(getpid());
    state.supervisor_start = TRY(base::start_time(getpid()));
    state.created = static_cast<std::uint64_t>(time(nullptr));
    if (session) state.unit = session::unit_of(state.instance);
    else find_group(state);
    Recorded record(TRY(make_record(runtime_folder(world), state, launch.plan, warnings)), state.instance);
    Lack no_scope; // why
    if (session) {
        Result<std::string> group = scope_group(*session, launch.plan, state.unit);
        session.reset();
        if (group) state.cgroup = std::move(group).value();
        else {
            Error why = std::move(group).error();
            no_scope.advice = why.advice.empty() ? "see systemctl --user status" : std::exchange(why.advice, "");
            no_scope.what = to_text(why);
            state.unit.clear();
            find_group(state);
        }
        if (record.folder().valid()) TRY(instance::update(record.folder(), state));
    }
    // Said once: as the reason why limits are not in force, or by itself.
    const Lack lack = lack_of(state, launch.plan.limits, no_scope);
    if (!no_scope.what.empty() && lack.what.find(no_scope.what) == std::string::npos)
        warnings.push_back("there is no scope for this app: " + no_scope.what + "; " + no_scope.advice);
    TRY(weigh(lack, launch.plan.limits, warnings));
    if (!state.cgroup.empty()) {
        launch.cgroup = base::sys::open(state.cgroup.c_str(), O_RDONLY | O_DIRECTORY);
        // Without it the app would run outside of the group that the record tells of, and without its limits.
        if (!launch.cgroup.valid()) return base::system_error("open", "the control group '" + state.cgroup + "' went away while the app was started");
    }
    launch.record = record.keep();
    return launch;
}

} // namespace verbs
