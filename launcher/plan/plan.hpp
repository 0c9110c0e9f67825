#pragma once
// The Plan: what will be done. Pure data, concrete, ordered, comparable, printable; no pointers, no open handles, no
// defaults left to fill. Made once by resolve, then only read. The same Profile on the same host gives the same bytes.

#include "launcher/plan/limits.hpp"
#include "launcher/plan/mount.hpp"
#include "launcher/plan/namespaces.hpp"
#include "launcher/plan/network.hpp"
#include "launcher/plan/process.hpp"
#include "launcher/plan/security.hpp"
#include "launcher/plan/sidecar.hpp"

namespace plan {

/// How the new root becomes the root: pivot_root(2), which leaves no way back; or, only where the kernel refuses that because
/// the host's root is a ramfs, chroot(2).
enum class RootChange { pivot, chroot_if_refused };

/// The root is always a tmpfs of our own, so that every mount point is made in a folder that no app ever wrote.
struct Root {
    std::uint64_t size = 0;   ///< bytes
    std::uint32_t inodes = 0; ///< files and folders
    Access access = Access::read_only; ///< ro: sealed once everything stands
    RootChange change = RootChange::pivot;

    bool operator==(const Root&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"size", &Root::size, "bytes"}, Field{"inodes", &Root::inodes},
                          Field{"access", &Root::access}, Field{"change", &Root::change}};
    }
};

struct Plan {
    std::string app;      ///< the profile's id ("org.mozilla.firefox")
    std::string profile;  ///< the path of the profile, or the name of a built-in one
    std::string instance; ///< APPID-XXXX or --id
    Namespaces namespaces;
    Ids ids;
    std::string hostname; ///< empty: left as it is
    Root root;
    std::vector<Mount> mounts; ///< done in this order
    Network network;
    std::vector<Sysctl> sysctls;
    Limits limits;
    Security security;
    Process process;
    std::vector<Sidecar> sidecars; ///< started in this order

    bool operator==(const Plan&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"app", &Plan::app},
                          Field{"profile", &Plan::profile},
                          Field{"instance", &Plan::instance},
                          Field{"namespaces", &Plan::namespaces},
                          Field{"ids", &Plan::ids},
                          Field{"hostname", &Plan::hostname},
                          Field{"root", &Plan::root},
                          Field{"mounts", &Plan::mounts},
                          Field{"network", &Plan::network},
                          Field{"sysctls", &Plan::sysctls},
                          Field{"limits", &Plan::limits},
                          Field{"security", &Plan::security},
                          Field{"process", &Plan::process},
                          Field{"sidecars", &Plan::sidecars}};
    }
};

} // namespace plan

template <>
struct base::EnumNames<plan::RootChange> {
    static constexpr std::array<std::string_view, 2> names{"pivot", "chroot-if-refused"};
};
