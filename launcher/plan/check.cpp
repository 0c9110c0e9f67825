#include "launcher/plan/check.hpp"

#include "launcher/base/address.hpp"
#include "launcher/plan/capability.hpp"
#include "launcher/plan/check_part.hpp"
#include "launcher/plan/wire.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <limits>
#include <linux/bpf_common.h>
#include <linux/filter.h>

namespace plan {
namespace {

using base::Origin;
using base::Result;

constexpr std::uint32_t most_preserved_fds = 1000;
constexpr std::size_t most_id_ranges = 340;  // what the kernel takes (user_namespaces(7))
constexpr std::size_t longest_hostname = 64; // HOST_NAME_MAX
constexpr std::size_t longest_id = 200;      // with our prefix and suffix it still is a unit and a file name
constexpr std::size_t most_sidecars = 32;
constexpr std::uint32_t highest_signal = 64; // SIGRTMAX of the kernel

bool only_of(std::string_view text, std::string_view others, bool upper) {
    return std::ranges::all_of(text, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (upper && c >= 'A' && c <= 'Z') ||
               others.find(c) != std::string_view::npos;
    });
}

// --- Every text and every enum, by walking the fields.

// Bytes that are no text: they may hold anything.
template <class T>
constexpr bool is_bytes(const std::string T::*) {
    return false;
}
template <>
constexpr bool is_bytes(const std::string Data::*member) {
    return member == &Data::contents;
}
template <>
constexpr bool is_bytes(const std::string Seccomp::*member) {
    return member == &Seccomp::program;
}

/// What is wrong first: the field's name, and the origin of the item that it is in.
struct Fault {
    const char* field = nullptr;
    const char* what = nullptr;
    const Origin* origin = nullptr;
};

bool sound(const std::string& text, Fault& fault) {
    if (text.find('\0') == std::string::npos) return true;
    fault.what = "holds a NUL byte";
    return false;
}
template <std::unsigned_integral T>
bool sound(const T&, Fault&) {
    return true;
}
template <base::NamedEnum T>
bool sound(const T& value, Fault& fault) {
    if (static_cast<std::size_t>(value) < base::EnumNames<T>::names.size()) return true;
    fault.what = "is no value of its kind";
    return false;
}
template <base::HasFields T>
bool sound(const T& object, Fault& fault);
template <class... Kind>
bool sound(const std::variant<Kind...>& variant, Fault& fault) {
    return std::visit([&](const auto& kind) { return sound(kind, fault); }, variant);
}
template <class T>
bool sound(const std::vector<T>& list, Fault& fault) {
    return std::ranges::all_of(list, [&](const T& element) { return sound(element, fault); });
}
template <base::HasFields T>
bool sound(const T& object, Fault& fault) {
    bool good = true;
    base::for_each_field(object, [&](const auto& field, const auto& member) {
        if (!good) return;
        if constexpr (std::same_as<std::remove_cvref_t<decltype(member)>, std::string>)
            if (is_bytes<T>(field.member)) return;
        good = sound(member, fault);
        if (!good && fault.field == nullptr) fault.field = field.name;
    });
    if constexpr (requires { object.origin; })
        if (!good && fault.origin == nullptr) fault.origin = &object.origin;
    return good;
}

Result<void> check_every_field(const Plan& plan) {
    Fault fault;
    if (sound(plan, fault)) return {};
    return refused(std::string("field '") + fault.field + "' of the plan " + fault.what,
                   fault.origin != nullptr ? *fault.origin : Origin{});
}

// --- Identity, namespaces, ids

Result<void> check_id(const char* item, std::string_view id) {
    if (!id.empty() && id.size() <= longest_id && id[0] != '.' && id[0] != '-' && only_of(id, "._-", true)) return {};
    return refused(std::string(item) + " " + quoted(id) + " must be 1 to 200 letters, digits, '.', '_' or '-'," +
                       " and not begin with '.' or '-'",
                   {});
}

Result<void> check_namespaces(const Namespaces& namespaces) {
    Result<void> found;
    base::for_each_field(namespaces, [&](const auto& field, const Namespace& space) {
        if (!found.ok()) return;
        const std::string item = std::string(field.name) + " namespace";
        if (space.mode == NamespaceMode::join)
            found = check_path(item, space.path.text, space.origin);
        else if (!space.path.text.empty())
            found = refused(item + " has a path but is not joined", space.origin);
    });
    TRY(std::move(found));
    if (namespaces.user.mode != NamespaceMode::fresh)
        return refused("the user namespace must be new", namespaces.user.origin);
    if (namespaces.mount.mode != NamespaceMode::fresh)
        return refused("the mount namespace must be new", namespaces.mount.origin);
    if (namespaces.pid.mode != NamespaceMode::fresh) // its process 1 is ours, and reaps
        return refused("the pid namespace must be new", namespaces.pid.origin);
    return {};
}

Result<void> check_overlap(const char* item, std::vector<IdRange> ranges, std::uint32_t IdRange::*first,
                           const Origin& origin) {
    std::ranges::sort(ranges, {}, first);
    const auto overlaps = [&](const IdRange& a, const IdRange& b) {
        return std::uint64_t{a.*first} + a.count > b.*first;
    };
    if (std::ranges::adjacent_find(ranges, overlaps) == ranges.end()) return {};
    return refused(std::string(item) + " has ranges that overlap", origin);
}

Result<void> check_map(const char* item, const std::vector<IdRange>& map, std::uint32_t own, const Origin& origin) {
    if (map.empty()) return refused(std::string(item) + " is empty", origin);
    if (map.size() > most_id_ranges) return refused(std::string(item) + " has more than 340 ranges", origin);
    // 2^32-1 is no id: to the kernel it says "none".
    constexpr std::uint64_t end = std::numeric_limits<std::uint32_t>::max();
    bool has_own = false;
    for (const IdRange& range : map) {
        if (range.count == 0) return refused(std::string(item) + " has a range of no ids", origin);
        if (std::uint64_t{range.inside} + range.count > end || std::uint64_t{range.outside} + range.count > end)
            return refused(std::string(item) + " has a range that goes past 4294967294", origin);
        has_own = has_own || (own >= range.inside && own - range.inside < range.count);
    }
    TRY(check_overlap(item, map, &IdRange::inside, origin));
    TRY(check_overlap(item, map, &IdRange::outside, origin));
    if (has_own) return {};
    return refused(std::string(item) + " does not map the app's own id " + std::to_string(own), origin);
}

// --- Network

Result<void> check_routes(const std::vector<Route>& routes) {
    for (const Route& route : routes) {
        const auto destination = base::address_of(route.destination);
        const auto gateway = base::address_of(route.gateway);
        if (!destination || !destination->is_network(route.prefix))
            return refused("route " + quoted(route.destination + "/" + std::to_string(route.prefix)) + " is no network", route.origin);
        if (!route.gateway.empty() && (!gateway || gateway->family != destination->family))
            return refused("gateway " + quoted(route.gateway) + " of a route is no address of the route's family", route.origin);
    }
    return {};
}

Result<void> check_network(const Plan& plan) {
    const Network& network = plan.network;
    const bool host = plan.namespaces.net.mode == NamespaceMode::host;
    const std::string mode(base::name_of(network.mode));
    // A joined namespace brings its network: left as it is found, that is mode host too.
    if (network.mode == NetworkMode::host && plan.namespaces.net.mode == NamespaceMode::fresh)
        return refused("network mode host needs the host's net namespace or a joined one", network.origin);
    if (network.mode != NetworkMode::host && host)
        return refused("network mode " + mode + " needs a net namespace that is new or joined", network.origin);
    if (network.mode != NetworkMode::user) {
        if (!network.routes.empty()) return refused("network mode " + mode + " takes no routes", network.routes.front().origin);
        if (network.sidecar.empty()) return {};
        return refused("network mode " + mode + " takes no sidecar", network.origin);
    }
    TRY(check_routes(network.routes));
    if (network.sidecar.empty()) return refused("network mode user needs a sidecar", network.origin);
    return check_path("network sidecar", network.sidecar.front(), network.origin);
}

Result<void> check_hostname(const Plan& plan) {
    if (plan.hostname.empty()) return {};
    const Origin& origin = plan.namespaces.uts.origin;
    if (plan.hostname.size() > longest_hostname || !only_of(plan.hostname, ".-", true))
        return refused("hostname " + quoted(plan.hostname) + " must be 1 to 64 letters, digits, '-' or '.'", origin);
    if (plan.namespaces.uts.mode != NamespaceMode::host) return {};
    return refused("hostname " + quoted(plan.hostname) + " needs a uts namespace that is new or joined", origin);
}

/// What is written to a file of the kernel as one value must not be two (CVE-2022-0811).
Result<void> check_one_line(const std::string& item, std::string_view value, const Origin& origin) {
    const auto control = [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; };
    if (!value.empty() && std::ranges::none_of(value, control)) return {};
    return refused(item + " has a value that is empty or not one line", origin);
}

Result<void> check_sysctls(const Plan& plan) {
    for (const Sysctl& sysctl : plan.sysctls) {
        if (sysctl.key.empty() || sysctl.key[0] == '.' || !only_of(sysctl.key, "_.-", true) || sysctl.key.find("..") != std::string::npos)
            return refused("sysctl key " + quoted(sysctl.key) + " must be made of letters, digits and '_.-', without '..'", sysctl.origin);
        const SysctlSpace* row = sysctl_space(sysctl.key);
        if (row == nullptr || (plan.namespaces.*row->space).mode != NamespaceMode::fresh)
            return refused("sysctl " + quoted(sysctl.key) + " would be the host's", sysctl.origin);
        TRY(check_one_line("sysctl " + quoted(sysctl.key), sysctl.value, sysctl.origin));
    }
    return {};
}

Result<void> check_limits(const Plan& plan) {
    for (const Limit& limit : plan.limits.values) {
        if (limit.name.empty() || limit.name[0] == '.' || !only_of(limit.name, "_.", false) ||
            limit.name.find('.') == std::string::npos)
            return refused("limit " + quoted(limit.name) + " is no file name of a cgroup", limit.origin);
        TRY(check_one_line("limit " + quoted(limit.name), limit.value, limit.origin));
    }
    return {};
}

// --- Security and process

Result<void> check_seccomp(const Seccomp& seccomp) {
    if (seccomp.program.empty() && seccomp.base != "none")
        return refused("the seccomp program is empty", seccomp.origin);
    if (seccomp.program.size() % sizeof(sock_filter) != 0)
        return refused("the seccomp program is not made of whole instructions", seccomp.origin);
    if (seccomp.program.size() / sizeof(sock_filter) > BPF_MAXINSNS)
        return refused("the seccomp program is longer than 4096 instructions", seccomp.origin);
    return {};
}

Result<void> check_security(const Root& root, const Security& security) {
    if (root.change != RootChange::pivot && (security.capabilities != 0 || security.user_namespaces != Nested::denied))
        return refused("the root is changed by chroot, and the app would have the right to leave it", {});
    if ((security.capabilities & ~known_capabilities) != 0)
        return refused("the capabilities have bits without a name", {});
    if ((security.capabilities & std::uint64_t{1} << *capability_of("CAP_SYS_ADMIN")) != 0) // see resolve/security.cpp
        return refused("CAP_SYS_ADMIN would be kept, and the app could take its sandbox apart", {});
    TRY(check_seccomp(security.seccomp));
    for (const LandlockRule& rule : security.landlock.rules)
        TRY(check_path("landlock rule", rule.path.text, security.landlock.origin));
    return {};
}

Result<void> check_environment(const std::vector<std::string>& environment, const Origin& origin) {
    std::vector<std::string_view> names;
    names.reserve(environment.size());
    for (const std::string& entry : environment) {
        const auto at = entry.find('=');
        if (at == 0 || at == std::string::npos)
            return refused("environment entry " + quoted(entry) + " has no name", origin);
        names.push_back(std::string_view(entry).substr(0, at));
    }
    std::ranges::sort(names);
    const auto same = std::ranges::adjacent_find(names);
    if (same == names.end()) return {};
    return refused("environment variable " + quoted(*same) + " is set twice", origin);
}

Result<void> check_rlimits(const Process& process) {
    std::uint32_t seen = 0;
    for (const Rlimit& rlimit : process.rlimits) {
        if (rlimit.resource >= rlimit_names.size())
            return refused("rlimit " + std::to_string(rlimit.resource) + " is not known", rlimit.origin);
        const std::string item = "rlimit " + std::string(rlimit_names[rlimit.resource]);
        if (rlimit.soft > rlimit.hard) return refused(item + " has a soft limit above its hard one", rlimit.origin);
        if ((seen >> rlimit.resource & 1U) != 0) return refused(item + " is set twice", rlimit.origin);
        seen |= 1U << rlimit.resource;
    }
    return {};
}

Result<void> check_process(const Process& process) {
    if (process.argv.empty() || process.argv[0].empty()) return refused("there is no command", process.origin);
    TRY(check_environment(process.environment, process.origin));
    TRY(check_path("working directory", process.cwd.text, process.origin));
    if (process.umask > 0777) return refused("the umask is above 0777", process.origin);
    if (process.preserved_fds > most_preserved_fds)
        return refused(std::to_string(process.preserved_fds) + " preserved descriptors are more than 1000",
                       process.origin);
    if (process.parent_death_signal > highest_signal)
        return refused("parent-death signal " + std::to_string(process.parent_death_signal) + " is none",
                       process.origin);
    return check_rlimits(process);
}

Result<void> check_sidecars(const Plan& plan) {
    if (plan.sidecars.size() > most_sidecars)
        return refused("the plan has " + std::to_string(plan.sidecars.size()) + " sidecars, more than 32", {});
    for (const Sidecar& sidecar : plan.sidecars) {
        if (sidecar.argv.empty()) return refused("a sidecar has no command", sidecar.origin);
        TRY(check_path("sidecar", sidecar.argv.front(), sidecar.origin));
        TRY(check_environment(sidecar.environment, sidecar.origin));
        TRY(check_seccomp(sidecar.seccomp));
    }
    return {};
}

} // namespace

Result<void> check(const Plan& plan) {
    // First, so that all that follows may take texts and enums for what they seem.
    TRY(check_every_field(plan));
    TRY(check_id("app id", plan.app));
    TRY(check_id("instance id", plan.instance));
    TRY(check_namespaces(plan.namespaces));
    TRY(check_map("uid map", plan.ids.uid_map, plan.ids.uid, plan.ids.origin));
    TRY(check_map("gid map", plan.ids.gid_map, plan.ids.gid, plan.ids.origin));
    TRY(check_hostname(plan));
    TRY(check_mounts(plan));
    TRY(check_network(plan));
    TRY(check_sysctls(plan));
    TRY(check_limits(plan));
    TRY(check_security(plan.root, plan.security));
    TRY(check_process(plan.process));
    TRY(check_sidecars(plan));
    if (encoded_size(plan) > wire_limit) return refused("the plan is longer than 16 MiB", {});
    return {};
}

} // namespace plan
