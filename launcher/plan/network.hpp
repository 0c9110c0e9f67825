#pragma once
// The network of the sandbox. none and loopback: a network namespace of its own, its lo down or up. host: the host's.
// user: one of its own, joined to the host's by a user-mode stack (pasta or slirp4netns).

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

enum class NetworkMode { none, loopback, host, user };

/// A route of the sandbox's own network namespace, beside those that the stack brings (route(8)).
struct Route {
    std::string destination;  ///< an address, no bit set behind the prefix
    std::uint32_t prefix = 0; ///< its length in bits
    std::string gateway;      ///< an address of the same family; empty: what is reached is on the link
    base::Origin origin;
    bool operator==(const Route&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"destination", &Route::destination}, Field{"prefix", &Route::prefix}, Field{"gateway", &Route::gateway},
                          Field{"origin", &Route::origin}};
    }
};

struct Network {
    NetworkMode mode = NetworkMode::none;
    std::vector<Route> routes;        ///< user: made once the stack is ready
    std::vector<std::string> sidecar; ///< user: the argv of the stack, its first word absolute; see helper/sidecar.hpp
    base::Origin origin;

    bool operator==(const Network&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"mode", &Network::mode}, Field{"routes", &Network::routes}, Field{"sidecar", &Network::sidecar},
                          Field{"origin", &Network::origin}};
    }
};

/// One key below /proc/sys, namespaced (`net.ipv4.ping_group_range`).
struct Sysctl {
    std::string key;
    std::string value;
    base::Origin origin;
    bool operator==(const Sysctl&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"key", &Sysctl::key}, Field{"value", &Sysctl::value}, Field{"origin", &Sysctl::origin}};
    }
};

} // namespace plan

template <>
struct base::EnumNames<plan::NetworkMode> {
    static constexpr std::array<std::string_view, 4> names{"none", "loopback", "host", "user"};
};
