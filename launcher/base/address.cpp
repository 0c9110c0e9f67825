#include "launcher/base/address.hpp"

#include <arpa/inet.h>

namespace base {

std::uint32_t Address::bits() const { return family == AF_INET ? 32 : 128; }

bool Address::loopback() const {
    if (family == AF_INET) return bytes[0] == 127;
    std::array<std::uint8_t, 16> one{};
    one[15] = 1;
    return bytes == one;
}

bool Address::is_network(std::uint32_t prefix) const {
    for (std::uint32_t bit = prefix; bit < bits(); ++bit)
        if ((bytes[bit / 8] >> (7 - bit % 8) & 1) != 0) return false;
    return prefix <= bits();
}

std::optional<Address> address_of(const std::string& text) {
    if (text.find('\0') != std::string::npos) return std::nullopt; // inet_pton would read what is before it
    Address address;
    for (const int family : {AF_INET, AF_INET6}) {
        address.family = family;
        if (inet_pton(family, text.c_str(), address.bytes.data()) == 1) return address;
    }
    return std::nullopt;
}

} // namespace base
