#include "launcher/verbs/integrate.hpp"

#include "launcher/base/text.hpp"
#include "launcher/resolve/host_linux.hpp"
#include "launcher/resolve/resolve.hpp"
#include "launcher/verbs/desktop.hpp"

#include <algorithm>
#include <array>

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr std::array rows{
    OptionRow{"--check", 0, "", "list every way in which an integrated app still starts outside; status 1 if there is one"},
    OptionRow{"--undo", 0, "", "take the wrappers away, and put back what was there before"},
};

using Words = std::vector<std::string>;

// Programs by their true paths: an entry may name another way to the same one.
Result<void> describe(const profile::Profile& profile, const resolve::HostLinux& host, Words& words) {
    add(words, "app", profile.app.id.value);
    for (const auto& item : profile.app.desktop) add(words, "desktop", item.value);
    const profile::Places places = resolve::places(host, profile.app.id.value);
    for (const auto& item : profile.app.exec) {
        const auto path = profile::expand(item.value, places);
        const auto normal = path.ok() ? base::normalised(path.value()) : path;
        if (!normal) continue; // told by whoever starts it
        const auto found = host.look({normal.value()}, resolve::FollowLinks::yes);
        if (found.ok() && found.value()) add(words, "program", found.value()->path.text);
    }
    return {};
}

Result<std::vector<std::string>> wanted(const World& world, const Words& named) {
    Words ids = named;
    for (const std::string& name : named)
        if (name.find('/') != std::string::npos)
            return Error{.what = "'" + name + "' is a file, and menus name profiles", .advice = "put it into the apps/ of a folder of profiles",
                         .failure = base::Failure::usage};
    if (named.empty())
        for (const profile::Listed& row : TRY(profile::list(search_folders(world)))) ids.push_back(row.id);
    return ids;
}

} // namespace

std::span<const OptionRow> integrate_options() { return rows; }

Result<Outcome> integrate(const World& world, const Parsed& parsed) {
    const bool check = parsed.has("--check"), undo = parsed.has("--undo");
    if (check && undo) return Error{.what = "--check and --undo exclude each other", .advice = "say one of them", .failure = base::Failure::usage};
    Outcome outcome;
    Words question;
    add(question, "mode", check ? "check" : undo ? "undo" : "make");
    add(question, "sandbox", base::joined(world.programs.text, "sandbox"));
    add(question, "named", parsed.rest.empty() ? "no" : "yes");
    const resolve::HostLinux host(world.environment, resolve::MayCreate::no);
    for (const std::string& id : TRY(wanted(world, parsed.rest))) {
        world.progress("reading the profile of " + id);
        const auto profile = profile::load({.folders = search_folders(world), .profile = id, .overrides = {}});
        if (profile) {
            TRY(describe(profile.value(), host, question));
        } else if (undo) { // the wrappers of a profile that is gone go too
            add(question, "app", id);
        } else if (!parsed.rest.empty()) {
            return profile.error();
        } else {
            outcome.warnings.push_back(to_text(profile.error()));
        }
    }
    world.progress("");
    outcome.status = TRY(run_desktop(world, question, nullptr));
    return outcome;
}

} // namespace verbs
