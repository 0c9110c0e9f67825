#pragma once
// `profile why`: whether an app may have one thing, who says so, what it meets instead, and what would change it.

#include "launcher/plan/plan.hpp"
#include "launcher/profile/profile.hpp"
#include "launcher/verbs/verb.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace verbs {

/// What is asked about. The first letters of a word (`path:`) say it, or its form does.
enum class Topic { path, net, syscall, bus, device, env, service };

struct Question {
    Topic topic = Topic::path;
    std::string what;
    const plan::Plan& plan;
    const profile::Profile* profile = nullptr; ///< null: a running sandbox, of which only the Plan is kept
    const World& world;
    bool writes = false; ///< of a path: to write there
};

struct Answer {
    bool granted = false;
    std::string verdict; ///< "granted, read-only"
    std::string key;     ///< the key and value that decide, as they are written; empty: none is known
    base::Origin origin; ///< where that stands
    std::string sees;    ///< what the app meets
    std::vector<std::string> change; ///< what would turn it round: commands or lines
};

/// One function a topic. Errors: what is asked about cannot be.
base::Result<Answer> why_path(const Question& question);
base::Result<Answer> why_device(const Question& question);
base::Result<Answer> why_net(const Question& question);
base::Result<Answer> why_syscall(const Question& question);
base::Result<Answer> why_bus(const Question& question);
base::Result<Answer> why_env(const Question& question);
base::Result<Answer> why_service(const Question& question);

/// Whether there is a preset of that name, and the first one that has an option of that name; empty: none.
bool is_service(const World& world, const std::string& word);
std::string service_with_option(const World& world, const std::string& option);

/// What a filter answers to one call, over all arguments: SECCOMP_RET_* with its data. Empty: the program is no filter.
std::set<std::uint32_t> outcomes(const std::string& program, std::uint32_t audit_arch, std::uint32_t number);

/// The key and value that were said at `origin`: `files."/srv" = "ro"`; empty: nothing of the profile.
std::string said_at(const Question& question, const base::Origin& origin);

/// What there is to change where the line `ceiling` of the administrator's policy says no.
std::string ask_administrator(const base::Origin& ceiling);

/// Where the administrator's ceiling keeps `access` to a path of the host from the app; nothing: it does not.
std::optional<base::Origin> kept_back(const Question& question, const std::string& path, profile::FileAccess access);

/// The two ways to have `key = value`: for one run, and for good.
std::vector<std::string> ways_to(const Question& question, const std::string& option, const std::string& line);

std::span<const OptionRow> why_options();
/// Status 0: granted, 1: denied.
base::Result<Outcome> profile_why(const World& world, const Parsed& parsed);

} // namespace verbs

template <>
struct base::EnumNames<verbs::Topic> {
    static constexpr std::array<std::string_view, 7> names{"path", "net", "syscall", "bus", "device", "env", "service"};
};
