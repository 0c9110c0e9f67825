// `profile check`: what a packager's CI calls. Faults stop a start; the rest is told, and counts with --strict.

#include "launcher/base/json.hpp"
#include "launcher/base/text.hpp"
#include "launcher/profile/ceiling.hpp"
#include "launcher/profile/expand.hpp"
#include "launcher/profile/exposure.hpp"
#include "launcher/profile/faults.hpp"
#include "launcher/profile/find.hpp"
#include "launcher/profile/merge.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/profile/read.hpp"
#include "launcher/profile/width.hpp"
#include "launcher/resolve/host_linux.hpp"
#include "launcher/resolve/resolve.hpp"
#include "launcher/verbs/any_host.hpp"
#include "launcher/verbs/profiles.hpp"

#include <algorithm>
#include <array>
#include <fnmatch.h>
#include <map>
#include <set>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using profile::Leaf;
using profile::Profile;

constexpr std::array rows{
    OptionRow{"--strict", 0, "", "status 1 also when something is only redundant, shadowed or too wide"},
    OptionRow{"--no-host", 0, "", "look at the profile alone, as if all that it names were there"},
    json_row,
};

struct Finding {
    std::string_view kind; ///< error, missing, redundant, shadowed, wide
    Error error;
};

class Checker {
public:
    Checker(const World& world, bool with_host) : world_(world), with_host_(with_host) {}

    std::vector<Finding> found;

    Result<void> check(const std::string& name) {
        const profile::Request request{search_folders(world_), name, {}};
        // A service or a class is no app: it is read alone.
        if (name.find("/services/") != std::string::npos || name.find("/class/") != std::string::npos || name.ends_with("/base.toml"))
            return check_part(name);
        auto folded = profile::load_all(request);
        if (!folded.ok()) {
            if (folded.error().failure == base::Failure::not_found) return std::move(folded).error();
            tell("error", std::move(folded).error());
            return {};
        }
        profile::Folded& all = folded.value();
        for (Error& fault : all.faults) tell("error", std::move(fault));
        const std::set<std::string> own = files_of(all.profile);
        find_redundant(all.fragments, own);
        find_shadowed(all.profile, own);
        find_claimed_twice(all.profile, own);
        for (Error& wide : profile::too_wide(all.profile))
            if (own.contains(wide.origin.file)) tell("wide", std::move(wide));
        for (const profile::Limitation& one : all.profile.limited)
            tell("shadowed", {.what = to_text(one), .origin = one.wished.origin});
        if (with_host_) {
            resolve::HostLinux host(world_.environment, resolve::MayCreate::no);
            resolve_all(std::move(all.profile), host);
        } else {
            const profile::Set programs = all.profile.app.exec;
            AnyHost host(programs);
            all.profile.require = {}; // displays, sockets and the like of the machine that it will run on
            resolve_all(std::move(all.profile), host);
        }
        return {};
    }

private:
    void tell(std::string_view kind, Error error) {
        const auto same = [&](const Finding& one) { return one.error.origin == error.origin && one.error.what == error.what; };
        if (std::none_of(found.begin(), found.end(), same)) found.push_back({kind, std::move(error)});
    }

    // The app's own: the file, its additions, and its namesakes of weaker layers.
    static std::set<std::string> files_of(const Profile& profile) {
        const std::string own(base::name_in(profile.file));
        const std::string stem = own.substr(0, own.size() - (own.ends_with(".toml") ? 5 : 0));
        std::set<std::string> files;
        for (const Leaf& leaf : profile::leaves(profile))
            for (const profile::Setting& setting : leaf.history) {
                const std::string& file = setting.origin.file;
                if (base::name_in(file) == own || base::name_in(base::parent_of(file)) == stem + ".d") files.insert(file);
            }
        files.insert(profile.file);
        return files;
    }

    Result<void> check_part(const std::string& path) {
        profile::Files files;
        const auto source = profile::open_source(files, path, profile::Layer::system);
        if (!source.ok()) {
            tell("error", source.error());
            return {};
        }
        if (!source.value()) return Error{.what = "there is no profile '" + path + "'", .advice = "sandbox profile list names those that there are", .failure = base::Failure::not_found};
        if (path.find("/services/") != std::string::npos) {
            profile::Table document = source.value()->document;
            for (;;) {
                const auto service = profile::read_service(document, profile::Layer::system);
                if (service.ok()) return {};
                tell("error", service.error());
                if (!profile::take_out(document, service.error().origin)) return {};
            }
        }
        std::vector<Error> faults;
        const Profile part = profile::read_each(source.value()->document, profile::Layer::system, faults);
        for (Error& fault : faults) tell("error", std::move(fault));
        for (Error& wide : profile::too_wide(part)) tell("wide", std::move(wide));
        return {};
    }

    // A line that could go: weaker files say the same.
    void find_redundant(const std::vector<Profile>& fragments, const std::set<std::string>& own) {
        Profile before;
        for (const Profile& fragment : fragments) {
            const auto known = profile::leaves(before);
            for (const Leaf& leaf : profile::leaves(fragment)) {
                const base::Origin& origin = leaf.history.back().origin;
                if (!own.contains(origin.file) || leaf.key == "app.extends" || leaf.key.starts_with("services.")) continue;
                const bool removes = leaf.row->value.starts_with("set") && leaf.value.starts_with("\"!");
                const std::string value = removes ? "\"" + leaf.value.substr(2) : leaf.value;
                const auto same = std::find_if(known.begin(), known.end(), [&](const Leaf& one) { return one.key == leaf.key && one.value == value; });
                if (removes && same == known.end())
                    tell("redundant", {.what = leaf.key + ": " + leaf.value + " takes out what nobody put in", .advice = "remove it", .origin = origin});
                if (!removes && same != known.end() && origin.line != 0)
                    tell("redundant", {.what = leaf.key + " = " + leaf.value + " is said already by " + to_text(same->history.back().origin),
                                       .advice = "remove it", .origin = origin});
            }
            merge(before, fragment);
        }
    }

    // A line that has no effect: another one says the last word.
    void find_shadowed(const Profile& profile, const std::set<std::string>& own) {
        const auto mine = [&](const auto& item) { return own.contains(item.origin().file); };
        for (const auto& [path, grant] : profile.files) {
            if (!mine(grant)) continue;
            profile::Map<profile::FileGrant> others = profile.files;
            others.erase(path);
            const auto* above = profile::nearest(others, path);
            if (above && above->value.access == grant.value.access && above->value.exec == grant.value.exec && grant.value.target.empty() && above->value.target.empty())
                tell("redundant", {.what = profile::key_text("files", path) + " lies in what " + to_text(above->origin()) + " grants alike",
                                   .advice = "remove it", .origin = grant.origin()});
        }
        for (const auto& [name, value] : profile.env.set)
            for (const auto& pattern : profile.env.unset)
                if (mine(value) && fnmatch(pattern.value.c_str(), name.c_str(), 0) == 0)
                    tell("shadowed", {.what = "env.set." + name + " is removed again by env.unset at " + to_text(pattern.origin()), .origin = value.origin()});
        for (const auto& keep : profile.env.keep)
            for (const auto& other : profile.env.keep)
                if (mine(keep) && keep.value != other.value && profile::covers(other.value, keep.value))
                    tell("redundant", {.what = "env.keep: '" + keep.value + "' is held by '" + other.value + "' at " + to_text(other.origin()), .origin = keep.origin()});
        for (const auto& allow : profile.process.seccomp.allow)
            for (const auto& deny : profile.process.seccomp.deny)
                if (mine(allow) && allow.value == deny.value)
                    tell("shadowed", {.what = "process.seccomp.allow: '" + allow.value + "' is denied at " + to_text(deny.origin()) + ", and deny wins", .origin = allow.origin()});
    }

    // Of two mounts on one place the later replaces the earlier.
    void find_claimed_twice(const Profile& profile, const std::set<std::string>& own) {
        std::map<std::string, base::Origin> claimed;
        const auto claim = [&](const std::string& target, const base::Origin& origin) {
            const auto [first, is_new] = claimed.emplace(target, origin);
            if (!is_new && own.contains(origin.file))
                tell("shadowed", {.what = "the mount point '" + target + "' is claimed twice, at " + to_text(first->second) + " too", .advice = "give one of them another target", .origin = origin});
        };
        for (const auto& [path, grant] : profile.files)
            if (grant.value.access != profile::FileAccess::deny) claim(grant.value.target.empty() ? path : grant.value.target, grant.origin());
        for (const auto& mount : profile.mount) claim(mount.value.target, mount.origin());
        // A name that a wider rule gives as much of. What its own rule narrows (the longest name decides) is no such thing.
        for (const auto* rules : {&profile.dbus.session, &profile.dbus.system, &profile.dbus.a11y})
            for (const auto& [name, rule] : *rules)
                for (const auto& [wider, other] : *rules)
                    if (own.contains(rule.origin().file) && name != wider && wider.ends_with(".*") && name.starts_with(wider.substr(0, wider.size() - 1)) &&
                        rule.value.access == other.value.access && rule.value.call.empty() && rule.value.broadcast.empty())
                        tell("redundant", {.what = "the bus name '" + name + "' is granted alike by '" + wider + "' at " + to_text(other.origin()), .advice = "remove it", .origin = rule.origin()});
    }

    // What a start on that machine would say to it: each item that cannot be had is told, taken out, and the rest tried again.
    void resolve_all(Profile profile, resolve::Host& host) {
        resolve::Invocation invocation{};
        for (;;) {
            const auto resolved = resolve::resolve(profile, invocation, host);
            if (resolved.ok()) return;
            const Error& error = resolved.error();
            const bool no_program = error.failure == base::Failure::not_found;
            const bool is_missing = error.what.ends_with("is not there") || (no_program && !error.what.ends_with("shown inside"));
            tell(is_missing ? "missing" : "error", error);
            // Without its program the rest can be looked at all the same, by that of anybody.
            if (no_program && invocation.command.empty()) invocation.command = {"true"};
            else if (!profile::take_out(profile, error.origin)) return;
        }
    }

    const World& world_;
    bool with_host_;
};

// A fault stops a start: what is only missing here may be there on the machine that it is meant for.
bool counts(const Finding& one, bool strict) { return strict ? one.kind != "missing" : one.kind == "error"; }

std::string as_json(const std::vector<Finding>& found) {
    base::Json json;
    json.open('[');
    for (const Finding& one : found) {
        json.element();
        json.open('{');
        const base::Origin& origin = one.error.origin;
        for (const auto& [key, value] : {std::pair<std::string_view, std::string>{"kind", one.kind}, {"file", origin.file}, {"text", to_text(one.error)}}) {
            json.key(key);
            json.string(value);
        }
        for (const auto& [key, value] : {std::pair<std::string_view, std::uint32_t>{"line", origin.line}, {"column", origin.column}}) {
            json.key(key);
            json.number(value);
        }
        json.close('}');
    }
    json.close(']');
    return json.take();
}

} // namespace

std::span<const OptionRow> check_options() { return rows; }

Result<Outcome> profile_check(const World& world, const Parsed& parsed) {
    std::vector<std::string> names = parsed.rest;
    if (names.empty())
        for (const profile::Listed& row : TRY(profile::list(search_folders(world)))) names.push_back(row.id);
    Checker checker(world, !parsed.has("--no-host"));
    for (std::size_t at = 0; at < names.size(); ++at) {
        if (names.size() > 1) world.progress(std::to_string(at + 1) + " of " + std::to_string(names.size()) + ": " + names[at]);
        auto checked = checker.check(names[at]);
        if (!checked && !parsed.rest.empty()) return std::move(checked).error();
        if (!checked) checker.found.push_back({"error", std::move(checked).error()}); // listed, and no profile
    }
    Outcome outcome;
    const bool strict = parsed.has("--strict");
    const bool bad = std::any_of(checker.found.begin(), checker.found.end(), [&](const Finding& one) { return counts(one, strict); });
    outcome.status = bad ? 1 : 0;
    if (parsed.has("--json")) {
        outcome.output = as_json(checker.found);
        return outcome;
    }
    for (const Finding& one : checker.found) outcome.output += std::string(one.kind) + ": " + to_text(one.error) + "\n";
    outcome.output += std::to_string(names.size()) + (names.size() == 1 ? " profile, " : " profiles, ") +
                      (checker.found.empty() ? "nothing to tell" : std::to_string(checker.found.size()) + " to look at") + "\n";
    return outcome;
}

} // namespace verbs
