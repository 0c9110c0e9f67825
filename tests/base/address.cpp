#include "launcher/base/address.hpp"

#include <catch2/catch.hpp>
#include <sys/socket.h>

using namespace std::literals;

TEST_CASE("An address is read whole or not at all", "[base][C13]") {
    const auto four = base::address_of("10.1.2.3"), six = base::address_of("2001:db8::1");
    REQUIRE(four);
    CHECK(four->family == AF_INET);
    CHECK(four->bits() == 32);
    CHECK(std::vector<int>(four->bytes.begin(), four->bytes.begin() + 5) == std::vector<int>{10, 1, 2, 3, 0});
    REQUIRE(six);
    CHECK(six->family == AF_INET6);
    CHECK(six->bits() == 128);
    CHECK(six->bytes[0] == 0x20);
    CHECK(six->bytes[15] == 1);
    for (const std::string& bad : {""s, "10.1.2"s, "10.1.2.256"s, "010.1.2.3"s, " 10.1.2.3"s, "10.1.2.3 "s, "10.1.2.3/8"s, "0x0a.1.2.3"s, "1::2::3"s, "fe80::1%eth0"s,
                                   "10.1.2.3\0"s, "-1"s, "localhost"s}) {
        CAPTURE(bad);
        CHECK_FALSE(base::address_of(bad));
    }
}

TEST_CASE("An address of a network has no bit behind its prefix", "[base][C13]") {
    CHECK(base::address_of("10.0.0.0")->is_network(8));
    CHECK(base::address_of("10.128.0.0")->is_network(9));
    CHECK_FALSE(base::address_of("10.128.0.0")->is_network(8));
    CHECK(base::address_of("10.0.0.1")->is_network(32));
    CHECK_FALSE(base::address_of("10.0.0.1")->is_network(33));
    CHECK(base::address_of("0.0.0.0")->is_network(0));
    CHECK(base::address_of("2001:db8::")->is_network(29));
    CHECK_FALSE(base::address_of("2001:db8::")->is_network(28));
    CHECK(base::address_of("::")->is_network(0));
}

TEST_CASE("The loopback is told by its address", "[base]") {
    for (const char* own : {"127.0.0.1", "127.0.0.53", "127.255.0.1", "::1"}) CHECK(base::address_of(own)->loopback());
    for (const char* other : {"10.0.0.1", "128.0.0.1", "::", "::2", "2001::1"}) CHECK_FALSE(base::address_of(other)->loopback());
}
