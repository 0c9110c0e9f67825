#include "launcher/verbs/lookup.hpp"

#include "launcher/instance/cgroup.hpp"
#include "launcher/profile/find.hpp"
#include "launcher/verbs/stand_up.hpp"

#include <algorithm>

namespace verbs {

using base::Error;
using base::Result;

Result<std::vector<instance::Instance>> running_instances(const World& world) {
    const base::HostPath runtime = runtime_folder(world);
    if (runtime.text.empty()) return std::vector<instance::Instance>{};
    const base::UniqueFd records = TRY(instance::records(runtime));
    instance::Listing found = TRY(instance::list(records));
    if (found.units.empty()) return std::move(found.running);
    if (const auto session = begin_session(world))
        for (const std::string& unit : found.units) (void)session->stop(unit, 5000); // a manager that is gone has no units either
    return std::move(found.running);
}

Result<instance::Instance> find_instance(const World& world, const std::string& name) {
    if (runtime_folder(world).text.empty())
        return Error{.what = "there is no runtime folder, so no sandbox is on record", .advice = "set XDG_RUNTIME_DIR, as the app was started with"};
    auto found = instance::find(TRY(running_instances(world)), name);
    if (!found) {
        profile::Files files;
        const auto id = profile::find_app(files, search_folders(world), name); // "evince" of org.gnome.Evince: as for `run`
        std::vector<instance::Instance> running = TRY(running_instances(world));
        const auto is_of_it = [&](const instance::Instance& one) { return id && one.state.app == id.value() && id.value() != name; };
        if (std::any_of(running.begin(), running.end(), is_of_it)) return instance::find(std::move(running), id.value());
    }
    return found;
}

Result<instance::Instance> find_instance(const World& world, const Parsed& parsed) {
    if (parsed.rest.size() != 1)
        return Error{.what = parsed.rest.empty() ? "no instance is named" : "'" + parsed.rest[1] + "': expected one instance only",
                     .advice = "see sandbox ps", .failure = base::Failure::usage};
    return find_instance(world, parsed.rest[0]);
}

std::string_view status_of(const plan::State& state) {
    const auto leaf = instance::leaf_of(state);
    const auto events = leaf ? instance::read_file(leaf.value(), "cgroup.events") : Result<std::string>(std::string());
    return events && instance::value_in(events.value(), "frozen") == 1U ? "paused" : base::name_of(state.status);
}

} // namespace verbs
