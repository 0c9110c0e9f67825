#pragma once
// A program of the host that works for the app beside the sandbox: a bus proxy, a display server. It runs in namespaces
// and a root of its own, is ready before the app runs, and ends with it. (The network stack has to enter the namespaces
// of the sandbox instead: Network::sidecar.)

#include "launcher/plan/mount.hpp"
#include "launcher/plan/security.hpp"

#include <string>
#include <vector>

namespace plan {

/// own: a network namespace without any interface. host: the host's, for what listens on an abstract socket there.
enum class SidecarNetwork { own, host };

struct Sidecar {
    std::string name; ///< for people: "the bus proxy"
    /// The first word is absolute, as its own root has it. "{ready-fd}" in a word is the descriptor, its stdout, that it
    /// writes to when it is ready, and that breaks when it has to go; "{instance}" is the instance as a part of a bus name.
    std::vector<std::string> argv;
    std::vector<std::string> environment; ///< NAME=VALUE, complete
    std::vector<Mount> mounts;            ///< its root, done in this order; read-only once it stands
    SidecarNetwork network = SidecarNetwork::own;
    Seccomp seccomp;
    base::Origin origin; ///< who asked for what it does

    bool operator==(const Sidecar&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"name", &Sidecar::name},
                          Field{"argv", &Sidecar::argv},
                          Field{"environment", &Sidecar::environment},
                          Field{"mounts", &Sidecar::mounts},
                          Field{"network", &Sidecar::network},
                          Field{"seccomp", &Sidecar::seccomp},
                          Field{"origin", &Sidecar::origin}};
    }
};

} // namespace plan

template <>
struct base::EnumNames<plan::SidecarNetwork> {
    static constexpr std::array<std::string_view, 2> names{"own", "host"};
};
