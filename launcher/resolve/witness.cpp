#include "launcher/resolve/witness.hpp"

#include "launcher/profile/file.hpp"

#include <algorithm>

namespace resolve {
namespace {

using base::HostPath;
using base::Result;
using plan::Source;

// --- Answers as text. Two answers are the same if their texts are; nobody reads them back.

// With its length, so that no text runs into the next.
std::string text(const std::string& value) { return std::to_string(value.size()) + ":" + value; }
std::string text(const HostPath& path) { return text(path.text); }
std::string text(std::uint64_t number) { return std::to_string(number) + ","; }

std::string text(const Source& source) {
    return text(source.path) + text(source.device) + text(source.inode) + text(static_cast<std::uint64_t>(source.type)) + text(source.node);
}
template <class T>
std::string text(const std::optional<T>& value) {
    return value ? "+" + text(*value) : "-";
}
template <class T>
std::string text(const Result<T>& result) {
    return result ? "=" + text(result.value()) : "!" + text(base::to_text(result.error()));
}
template <class T>
std::string text(const std::vector<T>& list) {
    std::string all;
    for (const T& each : list) all += text(each);
    return all;
}
std::string text(const User& user) { return text(user.uid) + text(user.gid) + text(user.name) + text(user.group) + text(user.home); }
std::string text(const Kernel& kernel) { return text(kernel.landlock_fs) + text(kernel.landlock_scope); }
std::string text(const RlimitNow& now) { return text(now.soft) + text(now.hard); }
std::string text(const std::array<bool, 3>& flags) { return {flags[0] ? '1' : '0', flags[1] ? '1' : '0', flags[2] ? '1' : '0'}; }

// A file is known by how it stands, so that no more of its content is kept than the Plan itself holds (the cookie of a display,
// where it is granted one, as the record of a running instance does too); but the kernel's own files stand anew at each look.
bool told_by_content(const HostPath& path) { return base::is_below(path.text, "/proc") || base::is_below(path.text, "/sys"); }

std::string text(const profile::Standing& standing) {
    return text(standing.device) + text(standing.inode) + text(standing.size) + text(standing.modified) + text(standing.changed);
}

} // namespace

void Witness::note(Fact fact) const {
    const auto is_it = [&](const Fact& other) {
        return other.question == fact.question && other.subject == fact.subject && other.below == fact.below && other.number == fact.number;
    };
    // What was answered differently meanwhile stays twice, and is never so again.
    if (std::none_of(facts_.begin(), facts_.end(), [&](const Fact& other) { return is_it(other) && other.answer == fact.answer; }))
        facts_.push_back(std::move(fact));
}

User Witness::user() const {
    User answer = host_.user();
    note({Question::user, "", "", 0, text(answer)});
    return answer;
}

Kernel Witness::kernel() const {
    const Kernel answer = host_.kernel();
    note({Question::kernel, "", "", 0, text(answer)});
    return answer;
}

std::vector<std::string> Witness::variables() const {
    auto answer = host_.variables();
    note({Question::variables, "", "", 0, text(answer)});
    return answer;
}

std::optional<std::string> Witness::variable(std::string_view name) const {
    auto answer = host_.variable(name);
    note({Question::variable, std::string(name), "", 0, text(answer)});
    return answer;
}

Result<std::optional<Source>> Witness::look(const HostPath& path, FollowLinks links) const {
    auto answer = host_.look(path, links);
    note({links == FollowLinks::yes ? Question::look_following : Question::look, path.text, "", 0, text(answer)});
    return answer;
}

Result<std::optional<Source>> Witness::look_beneath(const HostPath& folder, std::string_view relative) const {
    auto answer = host_.look_beneath(folder, relative);
    note({Question::look_beneath, folder.text, std::string(relative), 0, text(answer)});
    return answer;
}

std::optional<std::string> Witness::link_text(const HostPath& path) const {
    auto answer = host_.link_text(path);
    note({Question::link_text, path.text, "", 0, text(answer)});
    return answer;
}

bool Witness::is_planted(const HostPath& link) const {
    const bool answer = host_.is_planted(link);
    note({Question::is_planted, link.text, "", 0, text(std::uint64_t{answer})});
    return answer;
}

Result<std::optional<std::string>> Witness::read(const HostPath& path, std::size_t limit) const {
    // Before it is read: what changes meanwhile is seen as a change.
    const profile::Standing before = told_by_content(path) ? profile::Standing{} : profile::standing_of(path.text);
    youngest_ = std::max(youngest_, before.changed);
    auto answer = host_.read(path, limit);
    note({Question::read, path.text, "", limit, told_by_content(path) ? text(answer) : text(before)});
    return answer;
}

std::vector<HostPath> Witness::matches(const std::string& pattern) const {
    auto answer = host_.matches(pattern);
    note({Question::matches, pattern, "", 0, text(answer)});
    return answer;
}

std::vector<std::string> Witness::entries(const HostPath& folder) const {
    auto answer = host_.entries(folder);
    note({Question::entries, folder.text, "", 0, text(answer)});
    return answer;
}

Result<Source> Witness::own_folder(const HostPath& base, std::string_view relative) {
    auto answer = host_.own_folder(base, relative);
    note({Question::own_folder, base.text, std::string(relative), 0, text(answer)});
    return answer;
}

RlimitNow Witness::rlimit(std::uint32_t resource) const {
    const RlimitNow answer = host_.rlimit(resource);
    note({Question::rlimit, "", "", resource, text(answer)});
    return answer;
}

std::array<bool, 3> Witness::terminals() const {
    const auto answer = host_.terminals();
    note({Question::terminals, "", "", 0, text(answer)});
    return answer;
}

std::string Witness::cwd() const {
    std::string answer = host_.cwd();
    note({Question::cwd, "", "", 0, text(answer)});
    return answer;
}

HostPath Witness::libexec() const {
    HostPath answer = host_.libexec();
    note({Question::libexec, "", "", 0, text(answer)});
    return answer;
}

std::string Witness::random_suffix() { return suffix_ = host_.random_suffix(); }

bool still_so(Host& host, const Fact& fact) {
    const HostPath path{fact.subject};
    const auto answer = [&]() -> std::string {
        switch (fact.question) {
        case Question::user: return text(host.user());
        case Question::kernel: return text(host.kernel());
        case Question::variables: return text(host.variables());
        case Question::variable: return text(host.variable(fact.subject));
        case Question::look: return text(host.look(path, FollowLinks::no));
        case Question::look_following: return text(host.look(path, FollowLinks::yes));
        case Question::look_beneath: return text(host.look_beneath(path, fact.below));
        case Question::link_text: return text(host.link_text(path));
        case Question::is_planted: return text(std::uint64_t{host.is_planted(path)});
        case Question::read: return told_by_content(path) ? text(host.read(path, fact.number)) : text(profile::standing_of(fact.subject));
        case Question::matches: return text(host.matches(fact.subject));
        case Question::entries: return text(host.entries(path));
        case Question::own_folder: return text(host.own_folder(path, fact.below));
        case Question::rlimit: return text(host.rlimit(static_cast<std::uint32_t>(fact.number)));
        case Question::terminals: return text(host.terminals());
        case Question::cwd: return text(host.cwd());
        case Question::libexec: return text(host.libexec());
        }
        __builtin_unreachable();
    };
    return answer() == fact.answer;
}

} // namespace resolve
