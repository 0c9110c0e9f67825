// linux.seccomp: said as differences from the base list "desktop". Of a call that the list looks into (ioctl, clone,
// socket …) the list's own rules stay: a foreign filter never opens what they close.

#include "launcher/oci/reader.hpp"
#include "launcher/resolve/syscall_sets.hpp"

#include <algorithm>
#include <set>

namespace oci {
namespace {

using base::Result;
using Names = std::set<std::string>;

struct Rules {
    std::string default_action;
    Names allowed, refused, conditional;
};

bool lets_through(std::string_view action) { return action == "SCMP_ACT_ALLOW" || action == "SCMP_ACT_LOG"; }

Result<void> read_rule(Reader& reader, const std::string& place, const Json& json, Rules& rules) {
    std::vector<std::string> names;
    std::string action;
    bool conditional = false;
    for (const auto& [member, value] : *TRY(reader.object(place, json))) {
        const std::string at = place + "." + member;
        if (member == "names") names = TRY(reader.texts(at, value));
        else if (member == "action") action = TRY(reader.text(at, value));
        else if (member == "args") conditional = !TRY(reader.array(at, value))->empty();
        else if (member == "errnoRet") (void)TRY(reader.number(at, value, 4095)); // process.seccomp.errno is one for all
        else reader.leave(at, "a rule has no such member");
    }
    if (names.empty() || !action.starts_with("SCMP_ACT_")) return reader.fault(place, "expected 'names' and an 'action'");
    Names& into = conditional ? rules.conditional : lets_through(action) ? rules.allowed : rules.refused;
    into.insert(names.begin(), names.end());
    return {};
}

Result<Rules> read_rules(Reader& reader, const std::string& place, const Json& json) {
    Rules rules;
    for (const auto& [member, value] : *TRY(reader.object(place, json))) {
        const std::string at = place + "." + member;
        if (member == "defaultAction") {
            rules.default_action = TRY(reader.text(at, value));
        } else if (member == "architectures") {
            for (const std::string& name : TRY(reader.texts(at, value))) {
                if (name == "SCMP_ARCH_X86") reader.add(reader.profile.process.seccomp.arch, "x86");
                else if (name == "SCMP_ARCH_X32") reader.add(reader.profile.process.seccomp.arch, "x32");
                else if (name != "SCMP_ARCH_X86_64") reader.leave(at, name + " is an ABI of another machine");
            }
        } else if (member == "syscalls") {
            std::size_t index = 0;
            for (const Json& item : *TRY(reader.array(at, value))) TRY(read_rule(reader, at + "[" + std::to_string(index++) + "]", item, rules));
        } else if (member != "defaultErrnoRet") {
            reader.leave(at, "a filter that is told to others, or loaded in another way, is not to be had");
        }
    }
    if (!rules.default_action.starts_with("SCMP_ACT_")) return reader.fault(place + ".defaultAction", "expected an action, found '" + rules.default_action + "'");
    return rules;
}

std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

/// The calls that a start needs between the filter and the app's first instruction (resolve/seccomp.cpp refuses to deny
/// them), and clone3: no filter sees its flags, and libraries do without it only where it is ENOSYS.
constexpr std::array<std::string_view, 8> kept{"clone3", "close_range", "execve", "exit", "exit_group", "restart_syscall", "rt_sigreturn", "write"};

} // namespace

Result<void> read_seccomp(Reader& reader, const std::string& place, const Json& json) {
    const Rules rules = TRY(read_rules(reader, place, json));
    const bool by_list = !lets_through(rules.default_action);
    const auto desktop_calls = resolve::calls_of(*resolve::find_syscall_set(resolve::base_lists()[0].allowed));
    const auto known_calls = resolve::calls_of(*resolve::find_syscall_set("@known"));
    const auto absent_calls = resolve::calls_of(*resolve::find_syscall_set("@absent"));
    const auto is = [](const auto& list, const std::string& name) { return std::binary_search(list.begin(), list.end(), std::string_view(name)); };
    profile::Seccomp& wish = reader.profile.process.seccomp;
    reader.set(wish.base, std::string("desktop"));
    std::vector<std::string> unknown, by_arguments;
    for (const std::string& name : rules.allowed) {
        if (!is(known_calls, name)) unknown.push_back(name);
        else if (by_list && !is(desktop_calls, name) && !is(absent_calls, name) && name != "clone3" && resolve::is_native_call(name)) reader.add(wish.allow, name);
    }
    for (const std::string_view call : desktop_calls) {
        const std::string name(call);
        const bool refused = by_list ? !rules.allowed.contains(name) && !rules.conditional.contains(name) : rules.refused.contains(name);
        const bool fixed = std::find(kept.begin(), kept.end(), call) != kept.end() || is(absent_calls, name);
        if (refused && !fixed && resolve::is_native_call(name)) reader.add(wish.deny, name);
    }
    for (const std::string& name : rules.conditional)
        if (is(known_calls, name)) by_arguments.push_back(name);
    if (!by_list) reader.leave(place, "what it lets through without a word is bounded by the base list \"desktop\"");
    if (!unknown.empty()) reader.leave(place, "calls that are not known here: " + listed(unknown));
    if (!by_arguments.empty()) reader.leave(place, "rules on the arguments of " + listed(by_arguments) + ": the base list \"desktop\" decides of them");
    if (rules.allowed.contains("clone3")) reader.leave(place, "clone3: no filter sees its flags, and it stays ENOSYS; libraries use clone");
    return {};
}

} // namespace oci
