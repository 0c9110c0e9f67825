#pragma once
// What is taken from the app before it runs: capabilities, privileges, system calls, nested namespaces, Landlock.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

enum class Nested { denied, allowed };    ///< user namespaces inside the sandbox
enum class NewPrivileges { denied, allowed };

/// What the profile said, and the program that the kernel gets.
struct Seccomp {
    std::string base;               ///< the base list: "desktop", "strict", or "none"
    std::vector<std::string> allow; ///< sets (@debug) and calls added to it
    std::vector<std::string> deny;  ///< sets and calls taken from it
    std::vector<std::string> architectures; ///< foreign ABIs let in ("x86", "x32"); the native one always is
    std::string program;            ///< struct sock_filter[], native byte order, compiled; empty only with base "none"
    base::Origin origin;

    bool operator==(const Seccomp&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"base", &Seccomp::base},
                          Field{"allow", &Seccomp::allow},
                          Field{"deny", &Seccomp::deny},
                          Field{"architectures", &Seccomp::architectures},
                          Field{"program", &Seccomp::program},
                          Field{"origin", &Seccomp::origin}};
    }
};

/// One beneath-rule of Landlock (landlock(7)).
struct LandlockRule {
    base::InsidePath path;
    std::uint64_t access = 0; ///< LANDLOCK_ACCESS_FS_*
    bool operator==(const LandlockRule&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"path", &LandlockRule::path}, Field{"access", &LandlockRule::access}};
    }
};

/// Landlock as a second wall. Bits that this kernel does not know were left out when the Plan was made.
struct Landlock {
    std::uint64_t handled = 0; ///< LANDLOCK_ACCESS_FS_* that are denied where no rule allows them; 0: none
    std::uint64_t scoped = 0;  ///< LANDLOCK_SCOPE_*: abstract sockets, signals
    std::vector<LandlockRule> rules;
    base::Origin origin;

    bool operator==(const Landlock&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"handled", &Landlock::handled}, Field{"scoped", &Landlock::scoped},
                          Field{"rules", &Landlock::rules}, Field{"origin", &Landlock::origin}};
    }
};

/// Labels of a Linux security module, set at the exec of the app; empty: left as they are.
struct Lsm {
    std::string apparmor;
    std::string selinux_process;
    std::string selinux_mount;
    base::Origin origin;

    bool operator==(const Lsm&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"apparmor", &Lsm::apparmor}, Field{"selinux-process", &Lsm::selinux_process},
                          Field{"selinux-mount", &Lsm::selinux_mount}, Field{"origin", &Lsm::origin}};
    }
};

struct Security {
    std::uint64_t capabilities = 0; ///< bit N: capability N is kept (inside the user namespace only)
    NewPrivileges new_privileges = NewPrivileges::denied; ///< denied: no_new_privs
    Nested user_namespaces = Nested::denied;
    Seccomp seccomp;
    Landlock landlock;
    Lsm lsm;

    bool operator==(const Security&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"capabilities", &Security::capabilities},
                          Field{"new-privileges", &Security::new_privileges},
                          Field{"user-namespaces", &Security::user_namespaces},
                          Field{"seccomp", &Security::seccomp},
                          Field{"landlock", &Security::landlock},
                          Field{"lsm", &Security::lsm}};
    }
};

} // namespace plan

template <>
struct base::EnumNames<plan::Nested> {
    static constexpr std::array<std::string_view, 2> names{"denied", "allowed"};
};
template <>
struct base::EnumNames<plan::NewPrivileges> {
    static constexpr std::array<std::string_view, 2> names{"denied", "allowed"};
};
