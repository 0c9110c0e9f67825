#include "launcher/verbs/update.hpp"

#include "launcher/instance/cgroup.hpp"
#include "launcher/instance/record.hpp"
#include "launcher/profile/document.hpp"
#include "launcher/profile/override.hpp"
#include "launcher/resolve/limits.hpp"
#include "launcher/verbs/lookup.hpp"
#include "launcher/verbs/stand_up.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using base::UniqueFd;

constexpr int soon = 5000; ///< milliseconds that the user's manager may take to answer

constexpr std::array rows{
    OptionRow{"--memory", 0, "SIZE", "memory limit, as 2G, or max"},
    OptionRow{"--cpus", 0, "N", "processor limit, as 1.5, or max"},
    OptionRow{"--pids", 0, "N", "limit of processes and threads, or max"},
    OptionRow{"--set", 0, "KEY=VALUE", "any key of [limits] but 'required', as 'limits.memory.high=1G'"},
};

struct Short {
    std::string_view option;
    const char* limit;
};
constexpr std::array shorts{Short{"--memory", "memory.max"}, Short{"--cpus", "cpu.max"}, Short{"--pids", "pids.max"}};

Result<profile::Override> override_of(const Given& given) {
    const base::Origin origin{given.text, 0, 0};
    for (const Short& row : shorts)
        if (row.option == given.name) return profile::Override{std::string("limits.") + row.limit, profile::to_toml(std::string_view(given.value)), origin};
    const auto equals = given.value.find('=');
    if (equals == std::string::npos || !given.value.starts_with("limits."))
        return Error{.what = "expected limits.NAME=VALUE", .advice = "nothing but the limits of a running sandbox can be changed", .origin = origin};
    return profile::Override{given.value.substr(0, equals), given.value.substr(equals + 1), origin};
}

// By the reader of profiles, so that what one may say can be said here, and nothing else.
Result<std::vector<plan::Limit>> limits_of(const Given& given) {
    std::vector<plan::Limit> limits;
    const profile::Profile profile = TRY(profile::read_override(TRY(override_of(given))));
    for (const auto& [name, item] : profile.limits) {
        if (name == "required")
            return Error{.what = "'limits.required' says whether a sandbox starts, and this one runs", .advice = "leave it out, or set it in the profile", .origin = item.origin()};
        limits.push_back(TRY(resolve::limit_of(name, item)));
    }
    return limits;
}

Result<std::vector<plan::Limit>> limits_from(const Parsed& parsed) {
    std::vector<plan::Limit> limits;
    for (const Given& given : parsed.options) {
        Result<std::vector<plan::Limit>> more = limits_of(given);
        if (!more) {
            more.error().failure = base::Failure::usage;
            return std::move(more).error();
        }
        for (plan::Limit& limit : more.value()) {
            std::erase_if(limits, [&](const plan::Limit& before) { return before.name == limit.name; }); // the last word counts
            limits.push_back(std::move(limit));
        }
    }
    if (limits.empty()) return Error{.what = "no limit is given", .advice = "see sandbox update --help", .failure = base::Failure::usage};
    return limits;
}

/// The same limits with the values that are in force. Errors: one of them has no file here.
Result<std::vector<plan::Limit>> in_force(const UniqueFd& leaf, const std::vector<plan::Limit>& limits) {
    std::vector<plan::Limit> values = limits;
    for (plan::Limit& limit : values) {
        Result<std::string> value = instance::read_file(leaf, limit.name);
        if (!value && value.error().code != ENOENT) return std::move(value).error();
        if (!value)
            return Error{.what = limit.name + " cannot be set: its controller is not delegated to this user",
                         .advice = "as root, in /etc/systemd/system/user@.service.d/delegate.conf: [Service] Delegate=cpu cpuset io memory pids; then log in again",
                         .origin = limit.origin};
        limit.value = std::move(value).value();
    }
    return values;
}

// io.max is told one device at a time and reads back as many lines: the value before is not one that could be written.
Result<void> write_all(const UniqueFd& leaf, const std::vector<plan::Limit>& limits) {
    for (const plan::Limit& limit : limits)
        if (Result<void> written = instance::write_file(leaf, limit.name, limit.value); !written) {
            written.error().origin = limit.origin;
            return written;
        }
    return {};
}

/// Both places: the scope, which the manager writes again when it reloads, and the leaf, where the app is.
Result<void> apply(const std::optional<session::Session>& session, const plan::State& state, const UniqueFd& leaf, const std::vector<plan::Limit>& limits) {
    if (session && !state.unit.empty()) TRY(session->set_limits(state.unit, limits, soon));
    return write_all(leaf, limits);
}

// The recorded Plan says what is in force, for whoever reads it later.
Result<void> record(const instance::Instance& found, const std::vector<plan::Limit>& limits) {
    plan::Plan plan = TRY(instance::plan_of(found));
    for (const plan::Limit& limit : limits) {
        std::erase_if(plan.limits.values, [&](const plan::Limit& before) { return before.name == limit.name; });
        plan.limits.values.push_back(limit);
    }
    return instance::change_plan(found, plan);
}

} // namespace

std::span<const OptionRow> update_options() { return rows; }

Result<Outcome> update(const World& world, const Parsed& parsed) {
    const std::vector<plan::Limit> limits = TRY(limits_from(parsed));
    std::optional<session::Session> session = begin_session(world);
    const instance::Instance found = TRY(find_instance(world, parsed));
    const UniqueFd leaf = TRY(instance::leaf_of(found.state));
    const UniqueFd lock = TRY(instance::lock_for_change(found));
    const std::vector<plan::Limit> before = TRY(in_force(leaf, limits)); // all of them, or nothing is changed
    Result<void> applied = apply(session, found.state, leaf, limits);
    if (applied) applied = record(found, limits);
    if (!applied) {
        (void)apply(session, found.state, leaf, before); // back, as far as it goes; the first error is the one to tell
        return std::move(applied).error();
    }
    Outcome outcome;
    for (const plan::Limit& limit : TRY(in_force(leaf, limits))) outcome.output += limit.name + " " + limit.value + "\n";
    return outcome;
}

} // namespace verbs
