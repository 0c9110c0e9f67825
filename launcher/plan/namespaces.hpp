#pragma once
// Which namespaces are made, kept or joined (namespaces(7)), and the id maps of the user namespace.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"

#include <cstdint>
#include <string>
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
