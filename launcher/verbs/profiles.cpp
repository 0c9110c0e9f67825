#include "launcher/verbs/profiles.hpp"

#include "launcher/base/json.hpp"
#include "launcher/base/text.hpp"
#include "launcher/profile/ceiling.hpp"
#include "launcher/profile/diff.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/resolve/host_linux.hpp"
#include "launcher/resolve/resolve.hpp"
#include "launcher/verbs/profile_learn.hpp"
#include "launcher/verbs/profile_make.hpp"
#include "launcher/verbs/why.hpp"

#include <algorithm>
#include <array>

namespace verbs {
namespace {

using base::Error;
using base::Result;
using profile::Layer;
using profile::Profile;

constexpr std::array list_rows{json_row};
constexpr std::array show_rows{
    OptionRow{"--history", 0, "", "also what weaker layers said"},
    OptionRow{"--toml", 0, "", "print it as one file, without origins"},
    set_row, json_row,
};
constexpr std::array diff_rows{OptionRow{"--widening", 0, "", "only what widens; status 1 if anything does"}, json_row};

Error usage(std::string what) { return Error{.what = std::move(what), .advice = "see --help", .failure = base::Failure::usage}; }

std::string padded(std::string text, std::size_t width) {
    // Letters, not bytes: a continuation byte of UTF-8 takes no room.
    const auto letters = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xc0) != 0x80; }));
    text.append(letters + 2 > width ? 2 : width - letters, ' ');
    return text;
}

void string_member(base::Json& json, std::string_view key, std::string_view value) {
    json.key(key);
    json.string(value);
}

Result<Outcome> list(const World& world, const Parsed& parsed) {
    if (!parsed.rest.empty()) return usage("'" + parsed.rest[0] + "': profile list takes no name");
    const auto rows = TRY(profile::list(search_folders(world)));
    Outcome outcome;
    if (parsed.has("--json")) {
        base::Json json;
        json.open('[');
        for (const profile::Listed& row : rows) {
            json.element();
            json.open('{');
            string_member(json, "id", row.id);
            string_member(json, "layer", base::name_of(row.layer));
            string_member(json, "file", row.file);
            json.close('}');
        }
        json.close(']');
        outcome.output = json.take();
        return outcome;
    }
    for (const profile::Listed& row : rows)
        outcome.output += padded(base::escaped(row.id), 34) + std::string(base::name_of(row.layer)) + "  " + base::escaped(row.file) + "\n";
    return outcome;
}

void add_setting(base::Json& json, const profile::Setting& setting) {
    json.open('{');
    string_member(json, "layer", base::name_of(setting.layer));
    string_member(json, "origin", to_text(setting.origin));
    string_member(json, "value", setting.value);
    json.close('}');
}

std::string shown_as_json(const Profile& profile) {
    base::Json json;
    json.open('[');
    for (const profile::Leaf& leaf : profile::leaves(profile)) {
        json.element();
        json.open('{');
        string_member(json, "key", leaf.key);
        string_member(json, "value", leaf.value);
        json.key("history");
        json.open('[');
        for (const profile::Setting& setting : leaf.history) {
            json.element();
            add_setting(json, setting);
        }
        json.close(']');
        json.close('}');
    }
    json.close(']');
    return json.take();
}

std::string shown(const Profile& profile, bool history) {
    std::string text;
    for (const profile::Leaf& leaf : profile::leaves(profile)) {
        const profile::Setting& last = leaf.history.back();
        text += padded(base::escaped(leaf.key + " = " + leaf.value), 56) + base::escaped(to_text(last.origin)) + "\n";
        if (!history) continue;
        for (std::size_t at = leaf.history.size() - 1; at-- > 0;) {
            const profile::Setting& before = leaf.history[at];
            text += padded("    " + std::string(base::name_of(before.layer)) + " said " + base::escaped(before.value), 56) + base::escaped(to_text(before.origin)) + "\n";
        }
    }
    return text;
}

std::vector<std::string> warnings_of(const Profile& profile) {
    std::vector<std::string> warnings;
    for (const profile::Limitation& one : profile.limited) warnings.push_back(base::escaped(to_text(one.wished.origin) + ": " + to_text(one)));
    return warnings;
}

// One path may be written in two ways by two layers, of which the stronger decides. In one file they would contradict.
Result<void> drop_overruled(Profile& profile, const profile::Places& places) {
    const auto decided = TRY(profile::expand_files(profile.files, places));
    std::erase_if(profile.files, [&](const auto& entry) {
        const auto path = base::normalised(MUST(profile::expand(entry.first, places)));
        return decided.at(MUST(path)).value != entry.second.value;
    });
    return {};
}

Result<Outcome> show(const World& world, const Parsed& parsed) {
    if (parsed.rest.size() != 1) return usage(parsed.rest.empty() ? "no profile is named" : "'" + parsed.rest[1] + "': expected one profile only");
    const profile::Request request = TRY(profile_request(world, parsed.rest[0], parsed));
    const Profile profile = TRY(profile::load(request));
    Outcome outcome;
    if (parsed.has("--toml"))
        outcome.output = TRY(as_one_file(request, profile, resolve::places(resolve::HostLinux(world.environment, resolve::MayCreate::no), profile.app.id.value)));
    else outcome.output = parsed.has("--json") ? shown_as_json(profile) : shown(profile, parsed.has("--history"));
    outcome.warnings = warnings_of(profile);
    return outcome;
}

// Two profiles; or one, as the system has it and as it is with what the administrator and the user say.
Result<std::vector<profile::Difference>> differences(const World& world, const Parsed& parsed) {
    const auto whole = TRY(profile_request(world, parsed.rest[0], parsed));
    if (parsed.rest.size() == 2)
        return profile::diff(TRY(profile::load(whole)), TRY(profile::load(TRY(profile_request(world, parsed.rest[1], parsed)))));
    auto system = whole;
    std::erase_if(system.folders, [](const profile::SearchFolder& folder) { return folder.layer != Layer::system; });
    const Profile now = TRY(profile::load(whole));
    auto before = profile::load(system);
    if (!before && before.error().failure == base::Failure::not_found)
        return Error{.what = "the system has no profile '" + parsed.rest[0] + "' to compare with", .advice = "name two: sandbox profile diff OTHER " + parsed.rest[0], .failure = base::Failure::not_found};
    return profile::diff(TRY(std::move(before)), now);
}

std::string change_text(const profile::Difference& one) {
    if (one.from.empty()) return "+ " + one.key + " = " + one.to;
    if (one.to.empty()) return "- " + one.key + " = " + one.from;
    return "  " + one.key + " = " + one.from + " → " + one.to;
}

Result<Outcome> diff(const World& world, const Parsed& parsed) {
    if (parsed.rest.empty() || parsed.rest.size() > 2) return usage("expected one profile, or two");
    auto found = TRY(differences(world, parsed));
    const bool widening = parsed.has("--widening");
    const auto widens = [](const profile::Difference& one) { return base::name_of(one.width) == "widens"; };
    if (widening) std::erase_if(found, [&](const auto& one) { return !widens(one); });
    Outcome outcome;
    outcome.status = widening && !found.empty() ? 1 : 0;
    if (parsed.has("--json")) {
        base::Json json;
        json.open('[');
        for (const profile::Difference& one : found) {
            json.element();
            json.open('{');
            string_member(json, "key", one.key);
            string_member(json, "from", one.from);
            string_member(json, "to", one.to);
            string_member(json, "effect", base::name_of(one.width));
            string_member(json, "origin", to_text(one.origin));
            json.close('}');
        }
        json.close(']');
        outcome.output = json.take();
        return outcome;
    }
    for (const profile::Difference& one : found)
        outcome.output += padded(std::string(base::name_of(one.width)), 9) + padded(base::escaped(change_text(one)), 56) + base::escaped(to_text(one.origin)) + "\n";
    return outcome;
}

} // namespace

Result<profile::Request> profile_request(const World& world, const std::string& name, const Parsed& parsed) {
    profile::Request request{search_folders(world), name, {}};
    for (const Given& given : parsed.options) {
        if (given.name != "--set") continue;
        const auto equals = given.value.find('=');
        if (equals == std::string::npos || equals == 0)
            return Error{.what = "expected KEY=VALUE", .advice = "as --set home.mode=disposable", .origin = {given.text, 0, 0}, .failure = base::Failure::usage};
        request.overrides.push_back({given.value.substr(0, equals), given.value.substr(equals + 1), {given.text, 0, 0}});
    }
    return request;
}

Result<std::string> as_one_file(const profile::Request& request, Profile profile, const profile::Places& places) {
    TRY(drop_overruled(profile, places));
    profile::Request ground{request.folders, {}, {}}; // the base, and the services that it names
    for (const auto& [name, wish] : profile.services)
        ground.overrides.push_back({"services." + profile::value_text(name), profile::value_text(wish.value), {"services", 0, 0}});
    return profile::to_toml(profile, TRY(profile::load(ground)));
}

std::span<const Verb> profile_verbs() {
    static const std::array rows{
        Verb{"list", "[--json]", "the profiles that can be run", list_rows, list},
        Verb{"show", "[OPTIONS] APP|FILE", "every value of a profile, and which line of which file says so", show_rows, show},
        Verb{"check", "[OPTIONS] [APP|FILE…]", "all that is wrong with profiles, for people and for CI", check_options(), profile_check},
        Verb{"why", "[OPTIONS] APP|FILE|INSTANCE WHAT", "whether an app may have a path, host, call, bus name, device, variable or service, and who says so", why_options(), profile_why},
        Verb{"new", "[OPTIONS] PROGRAM|NAME.desktop", "a first profile for a program that has none", new_options(), profile_new},
        Verb{"learn", "[OPTIONS] PROGRAM|NAME.desktop [ARG…]", "watch what a program uses, propose the smallest profile, and try it", learn_options(), profile_learn, nullptr, Behind::program},
        Verb{"import", "[OPTIONS] firejail FILE…", "profiles of another launcher as ours, with a list of what could not be carried over", import_options(), profile_import},
        Verb{"diff", "[OPTIONS] APP|FILE [APP|FILE]", "what one profile widens or narrows over another; of one: what this machine's files change", diff_rows, diff},
    };
    return rows;
}

} // namespace verbs
