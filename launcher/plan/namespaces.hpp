#pragma once
// Which namespaces are made, kept or joined (namespaces(7)), and the id maps of the user namespace.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plan {

enum class NamespaceMode { fresh, host, join };

struct Namespace {
    NamespaceMode mode = NamespaceMode::fresh;
    base::HostPath path; ///< of the namespace file to join; empty unless mode is join
    base::Origin origin;

    bool operator==(const Namespace&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"mode", &Namespace::mode}, Field{"path", &Namespace::path},
                          Field{"origin", &Namespace::origin}};
    }
};

struct Namespaces {
    Namespace user, mount, pid, ipc, uts, cgroup, net, time;

    bool operator==(const Namespaces&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"user", &Namespaces::user},     Field{"mount", &Namespaces::mount},
                          Field{"pid", &Namespaces::pid},       Field{"ipc", &Namespaces::ipc},
                          Field{"uts", &Namespaces::uts},       Field{"cgroup", &Namespaces::cgroup},
                          Field{"net", &Namespaces::net},       Field{"time", &Namespaces::time}};
    }
};

/// The sysctls that a namespace has of its own (namespaces(7), Documentation/admin-guide/sysctl); every other is the host's.
struct SysctlSpace {
    std::string_view prefix;
    Namespace Namespaces::*space;
    const char* name;
};
inline constexpr std::array sysctl_spaces{
    SysctlSpace{"net.", &Namespaces::net, "net"},              SysctlSpace{"kernel.shm", &Namespaces::ipc, "ipc"},
    SysctlSpace{"kernel.msg", &Namespaces::ipc, "ipc"},        SysctlSpace{"kernel.sem", &Namespaces::ipc, "ipc"},
    SysctlSpace{"fs.mqueue.", &Namespaces::ipc, "ipc"},        SysctlSpace{"kernel.hostname", &Namespaces::uts, "uts"},
    SysctlSpace{"kernel.domainname", &Namespaces::uts, "uts"},
};
/// The row of `key`; null: it is the host's.
constexpr const SysctlSpace* sysctl_space(std::string_view key) {
    for (const SysctlSpace& row : sysctl_spaces)
        if (key.starts_with(row.prefix)) return &row;
    return nullptr;
}

/// One line of /proc/PID/uid_map (user_namespaces(7)).
struct IdRange {
    std::uint32_t inside = 0;
    std::uint32_t outside = 0;
    std::uint32_t count = 1;

    bool operator==(const IdRange&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"inside", &IdRange::inside}, Field{"outside", &IdRange::outside},
                          Field{"count", &IdRange::count}};
    }
};

/// keep: setgroups is denied and the groups stay, unmapped but in force (a group may also forbid: CVE-2022-36109).
/// drop: setgroups(0), only possible with ranges from newgidmap.
enum class Groups { keep, drop };

struct Ids {
    std::uint32_t uid = 0; ///< inside
    std::uint32_t gid = 0; ///< inside
    std::vector<IdRange> uid_map;
    std::vector<IdRange> gid_map;
    Groups groups = Groups::keep;
    base::Origin origin;

    bool operator==(const Ids&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"uid", &Ids::uid},         Field{"gid", &Ids::gid},
                          Field{"uid-map", &Ids::uid_map}, Field{"gid-map", &Ids::gid_map},
                          Field{"groups", &Ids::groups},   Field{"origin", &Ids::origin}};
    }
};

} // namespace plan

template <>
struct base::EnumNames<plan::NamespaceMode> {
    static constexpr std::array<std::string_view, 3> names{"new", "host", "join"};
};
template <>
struct base::EnumNames<plan::Groups> {
    static constexpr std::array<std::string_view, 2> names{"keep", "drop"};
};
