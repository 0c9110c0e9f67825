#include "launcher/verbs/claims.hpp"

#include "launcher/base/path.hpp"
#include "launcher/base/text.hpp"
#include "launcher/resolve/busses.hpp"
#include "launcher/resolve/syscall_sets.hpp"

#include <algorithm>
#include <array>

namespace verbs {
namespace {

bool holds(const std::vector<std::string>& list, std::string_view word) { return std::find(list.begin(), list.end(), word) != list.end(); }

std::string of_call(const plan::Plan& plan, std::string_view call, const std::string& abi) {
    const plan::Seccomp& seccomp = plan.security.seccomp;
    if (seccomp.base == "none" && !holds(seccomp.deny, call)) return "process.seccomp.base";
    if (abi == "x86" || abi == "x32") {
        if (!holds(seccomp.architectures, abi)) return {};
        if (call == "getpid") return "process.seccomp.arch";
    }
    constexpr std::array nested{"unshare", "clone", "clone3", "chroot"};
    if (plan.security.user_namespaces == plan::Nested::allowed && std::find(nested.begin(), nested.end(), call) != nested.end()) return "process.userns";
    for (const std::string& name : seccomp.allow) {
        const std::string word = name.substr(0, name.find(':'));
        if (word == call) return "process.seccomp.allow";
        const resolve::SyscallSet* set = resolve::find_syscall_set(word);
        if (!set) continue;
        const auto calls = resolve::calls_of(*set);
        if (std::find(calls.begin(), calls.end(), call) != calls.end()) return "process.seccomp.allow";
    }
    return {};
}

struct Shown {
    bool visible = false, writable = false;
};

// What of the host stands at that path inside, under its own name: the last mount on the way decides.
Shown shown(const plan::Plan& plan, const std::string& path) {
    Shown found;
    for (const plan::Mount& mount : plan.mounts) {
        const std::string& target = plan::target_of(mount).text;
        if (!base::is_below(path, target)) continue;
        if (const auto* bind = std::get_if<plan::Bind>(&mount)) {
            const bool same = bind->source.path.text == target || base::is_below(path, bind->source.path.text);
            found = {same, same && bind->access == plan::Access::read_write};
        } else if (const auto* overlay = std::get_if<plan::Overlay>(&mount)) {
            found = {std::any_of(overlay->lower.begin(), overlay->lower.end(), [&](const plan::Source& lower) { return base::is_below(path, lower.path.text); }), false};
        } else if (std::holds_alternative<plan::ReadOnly>(mount)) {
            found.writable = false;
        } else {
            found = {};
        }
    }
    return found;
}

std::string of_file(const plan::Plan& plan, std::string_view verb, std::string path) {
    if (const auto blank = path.find(' '); blank != std::string::npos) path.erase(blank); // "PATH by /proc/1/root"
    if (!path.starts_with('/') || base::is_below(path, "/proc")) return {};
    const Shown found = shown(plan, path);
    if (verb == "write" || verb == "make") return found.writable ? "files" : "";
    return found.visible ? "files" : "";
}

// A link at that path to a socket of a sidecar: what answers there is ours, and lets through what the profile says.
std::string of_sidecar(const plan::Plan& plan, const std::string& path) {
    for (const plan::Mount& mount : plan.mounts) {
        const auto* link = std::get_if<plan::Symlink>(&mount);
        if (!link || link->target.text != path) continue;
        for (const plan::Mount& other : plan.mounts)
            if (const auto* exchange = std::get_if<plan::Exchange>(&other); exchange && base::is_below(link->text, exchange->target.text))
                return exchange->name == "bus" || exchange->name == "names" ? "dbus." + std::string(base::name_in(link->text)) : "services";
    }
    return {};
}

// By the options of the bus proxy: for each bus the socket that it makes, then the rules. "session call NAME", "system own NAME".
std::string of_bus(const plan::Plan& plan, const std::vector<std::string_view>& words) {
    if (words.size() != 3) return {};
    const bool own = words[1] == "own";
    for (const plan::Sidecar& sidecar : plan.sidecars) {
        bool this_bus = false;
        for (const std::string_view word : sidecar.argv) {
            if (word.starts_with('/')) this_bus = word.ends_with("/" + std::string(words[0]));
            const auto equals = word.find('=');
            if (!this_bus || equals == std::string_view::npos) continue;
            const std::string_view option = word.substr(0, equals), value = word.substr(equals + 1);
            const auto rule = value.find('='); // of --call=NAME=RULE
            const bool call = option == "--call" && rule != std::string_view::npos && value.substr(rule + 1) == "*" && resolve::covers_name(value.substr(0, rule), words[2]);
            const bool name = (option == "--own" || (option == "--talk" && !own)) && resolve::covers_name(value, words[2]);
            if (name || (call && !own)) return "dbus." + std::string(words[0]);
        }
    }
    return {};
}

std::string of_right(const plan::Plan& plan, std::string_view right) {
    const plan::Security& security = plan.security;
    if (right.starts_with("Cap")) return security.capabilities != 0 ? "process.caps" : "";
    if (right == "new privileges") return security.new_privileges == plan::NewPrivileges::allowed ? "process.no-new-privileges" : "";
    return security.seccomp.program.empty() ? "process.seccomp.base" : "";
}

} // namespace

std::string grant_of(const plan::Plan& plan, const Attempt& attempt) {
    constexpr std::uint64_t abstract_sockets = 1;
    const auto colon = attempt.key.find(':');
    const std::string kind = attempt.key.substr(0, colon);
    const std::string rest = colon == std::string::npos ? "" : attempt.key.substr(colon + 1);
    const bool host_network = plan.network.mode == plan::NetworkMode::host;
    if (kind == "call") return of_call(plan, rest.substr(0, rest.find(' ')), attempt.abi);
    if (kind == "ioctl" || kind == "socket") return of_call(plan, kind, attempt.abi);
    if (kind == "loopback") return host_network ? "network.mode" : "";
    if (kind == "abstract") return host_network && (plan.security.landlock.scoped & abstract_sockets) == 0 ? "network.mode" : "";
    if (kind == "memory") return plan.namespaces.ipc.mode == plan::NamespaceMode::host ? "namespaces.ipc" : "";
    if (std::string key = kind == "connect" ? of_sidecar(plan, rest) : ""; !key.empty()) return key;
    if (kind == "bus") return of_bus(plan, base::split(rest, ' '));
    if (kind == "right") return of_right(plan, rest);
    if (kind == "descriptor") return plan.process.preserved_fds != 0 ? "--preserve-fds" : "";
    if (kind == "variable")
        return std::any_of(plan.process.environment.begin(), plan.process.environment.end(), [&](const std::string& entry) { return entry.starts_with(rest + "="); }) ? "env" : "";
    if (kind == "read" || kind == "write" || kind == "make" || kind == "connect") return of_file(plan, kind, rest);
    return {};
}

} // namespace verbs
