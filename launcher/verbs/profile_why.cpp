#include "launcher/base/json.hpp"
#include "launcher/base/text.hpp"
#include "launcher/profile/expand.hpp"
#include "launcher/profile/print.hpp"
#include "launcher/resolve/host_linux.hpp"
#include "launcher/resolve/resolve.hpp"
#include "launcher/resolve/seccomp.hpp"
#include "launcher/verbs/lookup.hpp"
#include "launcher/verbs/profiles.hpp"
#include "launcher/verbs/why.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace verbs {
namespace {

using base::Error;
using base::Result;

constexpr std::array rows{OptionRow{"--write", 'w', "", "of a path: whether it may write there"}, set_row, json_row};

struct TopicRow {
    std::string_view prefix;
    Result<Answer> (*answer)(const Question&);
};
constexpr std::array topics{TopicRow{"path:", why_path}, TopicRow{"net:", why_net}, TopicRow{"syscall:", why_syscall},
                            TopicRow{"bus:", why_bus},   TopicRow{"device:", why_device}, TopicRow{"env:", why_env},
                            TopicRow{"service:", why_service}};

bool is_all(std::string_view text, auto&& fits) { return !text.empty() && std::all_of(text.begin(), text.end(), fits); }

// By the form of the word, in the order in which a form is sure.
std::optional<Topic> guessed(const std::string& word) {
    const auto capital = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    if (word.starts_with("/dev/")) return Topic::device;
    if (word.find("://") != std::string::npos && !word.starts_with("file:")) return Topic::net;
    if (word.find('/') != std::string::npos || word.starts_with('~') || word.starts_with('.') || word.starts_with("${")) return Topic::path;
    if (resolve::native_call(word)) return Topic::syscall;
    if (is_all(word, capital) && !(word[0] >= '0' && word[0] <= '9')) return Topic::env;
    if (word.find(':') != std::string::npos || word == "localhost") return Topic::net;
    for (const char* top : {"org.", "com.", "net.", "io.", "de.", "ca."})
        if (word.starts_with(top) && std::count(word.begin(), word.end(), '.') >= 2) return Topic::bus;
    if (word.find('.') != std::string::npos) return Topic::net;
    return std::nullopt;
}

struct Asked {
    Topic topic;
    std::string what;
};

Result<Asked> asked(const World& world, const std::string& word) {
    for (std::size_t at = 0; at < topics.size(); ++at)
        if (word.starts_with(topics[at].prefix)) return Asked{static_cast<Topic>(at), word.substr(topics[at].prefix.size())};
    if (const auto topic = guessed(word)) return Asked{*topic, word};
    if (is_service(world, word)) return Asked{Topic::service, word};
    const std::string service = service_with_option(world, word); // "microphone"
    return Error{.what = "'" + word + "' could be many things", .advice = "say which: " + (service.empty() ? "" : "service:" + service + "." + word + ", or ") + "path:, net:, syscall:, bus:, device: or env: before it", .failure = base::Failure::usage};
}

// What is asked about: an app that could be started, or one that runs.
struct Subject {
    plan::Plan plan;
    std::optional<profile::Profile> profile;
};

Result<Subject> subject(const World& world, const Parsed& parsed) {
    const std::string& name = parsed.rest[0];
    auto running = find_instance(world, name);
    auto loaded = profile::load(TRY(profile_request(world, name, parsed)));
    const bool no_such_profile = !loaded.ok() && loaded.error().failure == base::Failure::not_found;
    if (running.ok() && (running.value().state.instance == name || no_such_profile)) return Subject{TRY(instance::plan_of(running.value())), {}};
    if (!loaded.ok()) return std::move(loaded).error();
    resolve::HostLinux host(world.environment, resolve::MayCreate::no);
    resolve::Invocation invocation;
    auto resolved = resolve::resolve(loaded.value(), invocation, host);
    if (!resolved.ok() && resolved.error().failure == base::Failure::not_found) {
        invocation.command = {"true"}; // the program is not installed here; all else can be told
        resolved = resolve::resolve(loaded.value(), invocation, host);
    }
    if (!resolved.ok()) return std::move(resolved).error();
    return Subject{std::move(resolved).value().plan, std::move(loaded).value()};
}

std::string as_json(const Question& question, const Answer& answer) {
    base::Json json;
    json.open('{');
    json.key("kind");
    json.string(base::name_of(question.topic));
    json.key("what");
    json.string(question.what);
    json.key("granted");
    json.boolean(answer.granted);
    for (const auto& [key, value] : {std::pair<std::string_view, std::string>{"verdict", answer.verdict}, {"key", answer.key}, {"origin", to_text(answer.origin)}, {"sees", answer.sees}}) {
        json.key(key);
        json.string(value);
    }
    json.key("change");
    json.open('[');
    for (const std::string& line : answer.change) {
        json.element();
        json.string(line);
    }
    json.close(']');
    json.close('}');
    return json.take();
}

std::string as_text(const Question& question, const Answer& answer) {
    std::string text;
    const auto line = [&](const std::string& words) { text += base::escaped(words) + "\n"; }; // whatever it is about, it is one
    line(std::string(base::name_of(question.topic)) + " " + question.what + ": " + answer.verdict);
    const bool said = !answer.key.empty() || !answer.origin.file.empty();
    line("  by      " + (said ? (answer.key.empty() ? "" : answer.key + "  ") + "[" + to_text(answer.origin) + "]" : std::string("what every sandbox has: no line of a profile says otherwise")));
    line("  sees    " + answer.sees);
    for (const std::string& change : answer.change) line("  change  " + change);
    return text;
}

// What the ceiling says, no option and no line of the user's turns round.
bool is_of_ceiling(const World& world, const base::Origin& origin) {
    const auto folders = search_folders(world);
    return std::any_of(folders.begin(), folders.end(), [&](const profile::SearchFolder& one) {
        return one.layer == profile::Layer::administrator && origin.file == base::joined(one.path.text, "policy.toml");
    });
}

} // namespace

std::string ask_administrator(const base::Origin& ceiling) { return "ask the administrator of this machine: " + to_text(ceiling) + " lets nobody have it"; }

std::string said_at(const Question& question, const base::Origin& origin) {
    if (!question.profile || origin.file.empty()) return {};
    for (const profile::Leaf& leaf : profile::leaves(*question.profile))
        if (leaf.history.back().origin == origin) return leaf.key + " = " + (leaf.row->value.starts_with("set") ? "[" + leaf.value + "]" : leaf.value);
    return {};
}

std::optional<base::Origin> kept_back(const Question& question, const std::string& path, profile::FileAccess access) {
    if (!question.profile || question.profile->files_ceiling.empty()) return std::nullopt;
    const resolve::HostLinux host(question.world.environment, resolve::MayCreate::no);
    const auto ceiling = profile::expand_files(question.profile->files_ceiling, resolve::places(host, question.profile->app.id.value));
    const auto* most = ceiling ? profile::nearest(ceiling.value(), path) : nullptr;
    return most && most->value.access < access ? std::optional(most->origin()) : std::nullopt;
}

std::vector<std::string> ways_to(const Question& question, const std::string& option, const std::string& line) {
    const std::string folder = search_folders(question.world).back().path.text;
    const std::string always = "for good: 'schema = 1' and '" + line + "' as the lines of " + base::joined(folder, "apps/" + question.plan.app + ".d/mine.toml");
    if (!question.profile) return {"once, at its next start: sandbox run " + option + " " + question.plan.app, always};
    return {"once: sandbox run " + option + " " + question.plan.app, always};
}

std::span<const OptionRow> why_options() { return rows; }

Result<Outcome> profile_why(const World& world, const Parsed& parsed) {
    if (parsed.rest.size() != 2)
        return Error{.what = "expected an app and what to ask about", .advice = "as: sandbox profile why firefox ~/Documents", .failure = base::Failure::usage};
    const Asked what = TRY(asked(world, parsed.rest[1]));
    const Subject about = TRY(subject(world, parsed));
    const Question question{what.topic, what.what, about.plan, about.profile ? &*about.profile : nullptr, world, parsed.has("--write")};
    if (question.writes && what.topic != Topic::path) return Error{.what = "--write asks about a path, and '" + what.what + "' is none", .advice = "leave it out, or write path:" + what.what, .failure = base::Failure::usage};
    Answer answer = TRY(topics[static_cast<std::size_t>(what.topic)].answer(question));
    if (!answer.granted && is_of_ceiling(world, answer.origin)) answer.change = {ask_administrator(answer.origin)};
    Outcome outcome;
    outcome.output = parsed.has("--json") ? as_json(question, answer) : as_text(question, answer);
    outcome.status = answer.granted ? 0 : 1;
    return outcome;
}

} // namespace verbs
