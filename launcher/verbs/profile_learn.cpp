#include "launcher/verbs/profile_learn.hpp"

#include "launcher/base/text.hpp"
#include "launcher/plan/check.hpp"
#include "launcher/profile/document.hpp"
#include "launcher/profile/find.hpp"
#include "launcher/resolve/host_linux.hpp"
#include "launcher/resolve/resolve.hpp"
#include "launcher/verbs/draft.hpp"
#include "launcher/verbs/look.hpp"
#include "launcher/verbs/profile_make.hpp"
#include "launcher/verbs/propose.hpp"
#include "launcher/verbs/stand_up.hpp"

#include <array>
#include <set>
#include <unistd.h>

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr std::array rows{
    OptionRow{"--class", 0, "NAME", "what it extends: class/NAME (default: by the categories of the .desktop file, else desktop)"},
    OptionRow{"--id", 0, "NAME", "its id (default: the name of the program, or of the .desktop file)"},
    OptionRow{"--write", 'w', "", "put it into the user's profiles, if it holds"},
    OptionRow{"--force", 'f', "", "with --write: also where there is one already"},
};

/// One run: in the child what is to be started, in the parent what was seen.
struct Ran {
    std::optional<Outcome> start;
    Recording recording;
};

/// What is run, the same both times but for the profile.
struct Trial {
    std::vector<std::string> arguments;
    base::HostPath bus_log;
};

Result<plan::Plan> plan_for(const World& world, const profile::Request& request, const Trial& trial, resolve::MayCreate may_create, std::vector<std::string>* warnings) {
    const profile::Profile profile = TRY(profile::load(request));
    resolve::HostLinux host(world.environment, may_create);
    resolve::Invocation invocation;
    invocation.arguments = trial.arguments;
    invocation.bus_log = trial.bus_log;
    invocation.bus_for_all = true;
    invocation.origin = {"the command line", 0, 0};
    resolve::Resolved resolved = TRY(resolve::resolve(profile, invocation, host));
    TRY(plan::check(resolved.plan));
    if (warnings)
        for (const resolve::Warning& warning : resolved.warnings) warnings->push_back(base::escaped(warning.text));
    return std::move(resolved.plan);
}

Result<Ran> run_watched(const World& world, const profile::Request& request, const Trial& trial, const std::string& doing, const std::string& notice) {
    const plan::Plan plan = TRY(plan_for(world, request, trial, resolve::MayCreate::no, nullptr));
    if (auto recording = TRY(record(plan, trial.bus_log, {.refused = nullptr, .progress = world.progress, .doing = doing}))) return Ran{{}, std::move(*recording)};
    Outcome outcome;
    outcome.warnings.push_back(doing + ": " + notice);
    plan::Plan own = TRY(plan_for(world, request, trial, resolve::MayCreate::yes, &outcome.warnings));
    outcome.start = TRY(stand_up(world, begin_session(world), std::move(own), outcome.warnings));
    return Ran{std::move(outcome), {}};
}

// What each service adds to the names of the profile at `path`.
Result<std::map<std::string, std::string>> services_by_name(const std::string& path, profile::Request request) {
    std::map<std::string, std::string> found;
    profile::Files files;
    request.profile = path;
    for (const std::string& service : TRY(profile::names_of(files, request.folders, "services"))) {
        profile::Request with = request;
        with.overrides.push_back({"services." + service, "true", {"profile learn", 0, 0}});
        const auto profile = profile::load(with);
        if (!profile) continue; // it stands for something else here
        for (const auto& [name, rule] : profile.value().dbus.session)
            if (profile.value().services.contains(service)) found.try_emplace(name, service);
    }
    return found;
}

std::string table(const Proposal& proposal) {
    std::string text = "# observed → granted\n";
    std::set<std::string> told;
    for (const Observed& row : proposal.rows) {
        const std::string line = "#   " + row.what + " → " + (row.granted.empty() ? "not granted: " + row.why : row.granted);
        if (told.insert(line).second) text += base::escaped(line) + "\n";
    }
    return text;
}

} // namespace

std::span<const OptionRow> learn_options() { return rows; }

Result<Outcome> profile_learn(const World& world, const Parsed& parsed) {
    if (parsed.rest.empty()) return Error{.what = "no program is named", .advice = "as: sandbox profile learn mousepad ~/notes.txt", .failure = base::Failure::usage};
    const NewProfile made = TRY(new_profile(world, parsed, parsed.rest[0]));
    const std::string runtime = runtime_folder(world).text;
    if (runtime.empty()) return Error{.what = "there is no runtime folder to keep a draft in", .advice = "set XDG_RUNTIME_DIR"};
    if (!made.warning.empty()) world.warn(made.warning);
    const Draft draft(base::joined(runtime, made.id + ".draft.toml"));
    const Draft log(base::joined(runtime, made.id + ".draft.log"));
    const Trial trial{{parsed.rest.begin() + 1, parsed.rest.end()}, {log.path()}};

    // To look: the user's home to read, without what is sensitive, with changes kept apart.
    TRY(draft.write(made.text));
    TRY(log.write(""));
    profile::Request request{search_folders(world), draft.path(), {}};
    request.overrides.push_back({"app.id", profile::to_toml(std::string_view(made.id)), {"profile learn", 0, 0}});
    profile::Request looking = request;
    add_look(looking);
    const Changes changes(TRY(plan_for(world, looking, trial, resolve::MayCreate::no, nullptr)));
    Ran first = TRY(run_watched(world, looking, trial, "learning", "use what the app is for, then close it"));
    if (first.start) return std::move(*first.start);
    Outcome outcome;
    if (first.recording.status > 128)
        outcome.warnings.push_back("it was ended by signal " + std::to_string(first.recording.status - 128) + " while it was watched: if it failed, it may lack what stands below as not granted");
    if (!changes.remove()) outcome.warnings.push_back(base::escaped("what the program changed of the home lies in '" + changes.path() + "', and could not be removed"));

    world.progress("making a proposal of " + std::to_string(first.recording.paths.size()) + " files");
    const Ground ground{made.app, made.shown, variable(world, "HOME"), runtime, access("/dev/net/tun", R_OK | W_OK) == 0 && access("/usr/bin/pasta", X_OK) == 0 ? "user" : "host",
                        TRY(services_by_name(draft.path(), request))};
    TRY(log.write(""));
    const Proposal proposal = propose(ground, first.recording);
    TRY(draft.write(proposal.text));
    world.progress("");
    Ran second = TRY(run_watched(world, request, trial, "trying", "the same again, under the proposal"));
    if (second.start) return std::move(*second.start);

    outcome.output = table(proposal) + proposal.text;
    const auto faults = broken(proposal, first.recording, second.recording);
    for (const std::string& fault : faults) outcome.warnings.push_back(base::escaped(fault));
    if (!faults.empty()) {
        outcome.warnings.push_back("the proposal does not hold; nothing was written");
        outcome.status = 1;
        return outcome;
    }
    if (parsed.has("--write")) outcome.output += "# written: " + TRY(write_profile(world, made.id, table(proposal) + proposal.text, parsed.has("--force"))) + "\n";
    return outcome;
}

} // namespace verbs
