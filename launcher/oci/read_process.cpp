// process: the command, who runs it, and what it may.

#include "launcher/base/text.hpp"
#include "launcher/oci/reader.hpp"
#include "launcher/plan/capability.hpp"
#include "launcher/plan/process.hpp"

#include <algorithm>

namespace oci {
namespace {

using base::Result;

Result<void> terminal(Reader& reader, const std::string& place, const Json& json) {
    reader.set(reader.profile.process.terminal, TRY(reader.boolean(place, json)) ? profile::TerminalWish::always : profile::TerminalWish::never);
    return {};
}

Result<void> uid(Reader& reader, const std::string& place, const Json& json) {
    reader.set(reader.profile.ids.uid, static_cast<std::uint32_t>(TRY(reader.number(place, json, UINT32_MAX - 1))));
    return {};
}

Result<void> gid(Reader& reader, const std::string& place, const Json& json) {
    reader.set(reader.profile.ids.gid, static_cast<std::uint32_t>(TRY(reader.number(place, json, UINT32_MAX - 1))));
    return {};
}

Result<void> umask(Reader& reader, const std::string& place, const Json& json) {
    reader.set(reader.profile.process.umask, static_cast<std::uint32_t>(TRY(reader.number(place, json, 0777))));
    return {};
}

Result<void> user(Reader& reader, const std::string& place, const Json& json) {
    constexpr std::array rows{Member{"uid", uid}, Member{"gid", gid}, Member{"umask", umask},
                              Member{"additionalGids", nullptr, "groups are those of the caller, kept or dropped as a whole (ids.groups)"},
                              Member{"username", nullptr, "it is for another system"}};
    return read_members(reader, place, json, rows);
}

Result<void> args(Reader& reader, const std::string& place, const Json& json) {
    std::vector<std::string> words = TRY(reader.texts(place, json));
    if (words.empty()) return reader.fault(place, "it is empty");
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
    const auto program = base::normalised(words.front());
    if (!program.ok()) {
        reader.leave(place, "a profile names its program by an absolute path; give the command itself: sandbox run --profile FILE -- " + all);
        return {};
    }
    if (!reader.plain(place, all)) return {};
    reader.add(reader.profile.app.exec, program.value());
    words.erase(words.begin());
    reader.set(reader.profile.app.args, std::move(words));
    return {};
}

bool is_variable(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && name.size() <= 256 && letter(name[0]) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

Result<void> env(Reader& reader, const std::string& place, const Json& json) {
    for (const std::string& entry : TRY(reader.texts(place, json))) {
        const auto at = entry.find('=');
        const std::string name = entry.substr(0, at);
        if (at == std::string::npos || !is_variable(name)) reader.leave(place + " " + name, "it cannot be the name of a variable");
        else if (reader.plain(place + " " + name, entry)) reader.put(reader.profile.env.set, name, entry.substr(at + 1));
    }
    return {};
}

Result<void> cwd(Reader& reader, const std::string& place, const Json& json) {
    const std::string path = TRY(reader.text(place, json));
    if (!base::normalised(path).ok()) return reader.fault(place, "expected an absolute path without '..', found '" + path + "'");
    if (reader.plain(place, path)) reader.set(reader.profile.process.cwd, path);
    return {};
}

// A profile has one list for all five sets.
Result<void> capabilities(Reader& reader, const std::string& place, const Json& json) {
    std::vector<std::string> effective;
    bool said = false;
    std::vector<std::vector<std::string>> others;
    for (const auto& [set, member] : *TRY(reader.object(place, json))) {
        constexpr std::array<std::string_view, 5> sets{"bounding", "effective", "inheritable", "permitted", "ambient"};
        if (std::find(sets.begin(), sets.end(), set) == sets.end()) {
            reader.leave(place + "." + set, "there is no such set of capabilities");
            continue;
        }
        std::vector<std::string> names = TRY(reader.texts(place + "." + set, member));
        std::sort(names.begin(), names.end());
        said = said || set == "effective";
        if (set == "effective") effective = std::move(names);
        else others.push_back(std::move(names));
    }
    const bool differ = std::any_of(others.begin(), others.end(), [&](const auto& names) { return names != effective; });
    if (differ || (!said && !others.empty())) reader.leave(place, "the five sets are alike in a sandbox; 'effective' is taken for all");
    for (const std::string& name : effective) {
        if (name == "CAP_SYS_ADMIN") reader.leave(place + " " + name, "with it the app could take its sandbox apart");
        else if (plan::capability_of(name)) reader.add(reader.profile.process.caps, name);
        else reader.leave(place + " " + name, "there is no such capability");
    }
    return {};
}

Result<void> rlimits(Reader& reader, const std::string& place, const Json& json) {
    std::size_t index = 0;
    for (const Json& item : *TRY(reader.array(place, json))) {
        const std::string here = place + "[" + std::to_string(index++) + "]";
        std::string name;
        std::optional<std::uint64_t> soft, hard;
        for (const auto& [member, value] : *TRY(reader.object(here, item))) {
            const std::string at = here + "." + member;
            if (member == "type") name = TRY(reader.text(at, value));
            else if (member == "soft") soft = TRY(reader.number(at, value));
            else if (member == "hard") hard = TRY(reader.number(at, value));
            else reader.leave(at, "a limit has no such member");
        }
        std::string key = name.starts_with("RLIMIT_") ? name.substr(7) : "";
        std::transform(key.begin(), key.end(), key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        if (std::find(plan::rlimit_names.begin(), plan::rlimit_names.end(), key) == plan::rlimit_names.end())
            return reader.fault(here + ".type", "unknown resource limit '" + name + "'");
        if (!soft || !hard || *soft > *hard) return reader.fault(here, "expected 'soft' and 'hard', the first not above the second");
        if (reader.profile.rlimits.contains(key)) return reader.fault(here, name + " is there twice");
        // Above what TOML's numbers hold there is nothing but infinity.
        const auto bounded = [](std::uint64_t value) { return value > INT64_MAX ? UINT64_MAX : value; };
        reader.put(reader.profile.rlimits, key, profile::RlimitWish{bounded(*soft), bounded(*hard)});
    }
    return {};
}

Result<void> no_new_privileges(Reader& reader, const std::string& place, const Json& json) {
    if (!TRY(reader.boolean(place, json))) reader.leave(place, "new privileges stay forbidden: the filter and Landlock want it so");
    return {};
}

Result<void> apparmor(Reader& reader, const std::string& place, const Json& json) {
    reader.set(reader.profile.lsm.apparmor, TRY(reader.text(place, json)));
    return {};
}

Result<void> selinux(Reader& reader, const std::string& place, const Json& json) {
    reader.set(reader.profile.lsm.selinux_process, TRY(reader.text(place, json)));
    return {};
}

constexpr std::string_view scheduling = "how the kernel schedules it is not a matter of a profile";
constexpr std::array members{
    Member{"terminal", terminal},
    Member{"consoleSize", nullptr, "the terminal has the size of the caller's"},
    Member{"user", user},
    Member{"args", args},
    Member{"commandLine", nullptr, "it is for another system"},
    Member{"env", env},
    Member{"cwd", cwd},
    Member{"capabilities", capabilities},
    Member{"rlimits", rlimits},
    Member{"noNewPrivileges", no_new_privileges},
    Member{"apparmorProfile", apparmor},
    Member{"selinuxLabel", selinux},
    Member{"oomScoreAdj", nullptr, scheduling},
    Member{"scheduler", nullptr, scheduling},
    Member{"ioPriority", nullptr, scheduling},
    Member{"execCPUAffinity", nullptr, scheduling},
};

} // namespace

Result<void> read_process(Reader& reader, const std::string& place, const Json& json) {
    return read_members(reader, place, json, members);
}

} // namespace oci
