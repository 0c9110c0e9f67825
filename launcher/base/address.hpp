#pragma once
// Addresses of the internet protocols, read strictly.

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace base {

struct Address {
    int family = 0;                        ///< AF_INET or AF_INET6
    std::array<std::uint8_t, 16> bytes{};  ///< as they go over the wire; of IPv4 the first four
    std::uint32_t bits() const;            ///< 32 or 128
    bool loopback() const;                 ///< 127.0.0.0/8 or ::1
    /// Whether no bit is set behind the first `prefix` ones.
    bool is_network(std::uint32_t prefix) const;
};

/// As inet_pton(3) reads it: four whole numbers without leading zeros, or the forms of RFC 4291; nothing before or after.
std::optional<Address> address_of(const std::string& text);

} // namespace base
