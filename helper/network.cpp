#include "helper/network.hpp"

#include "launcher/base/address.hpp"
#include "launcher/base/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace helper {

using base::Result;
using base::system_error;
using base::UniqueFd;

Result<void> loopback_up() {
    const UniqueFd any(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)); // netdevice(7): any socket will do
    if (!any.valid()) return system_error("socket", "cannot reach the network namespace");
    ifreq request{};
    std::strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP;
    if (ioctl(any.get(), SIOCSIFFLAGS, &request) != 0) return system_error("ioctl(SIOCSIFFLAGS)", "cannot set the loopback interface up");
    return {};
}

namespace {

// A request as the kernel reads it: the two heads, then attributes of four bytes and what they hold.
struct Request {
    nlmsghdr head{};
    rtmsg route{};
    std::array<char, 64> attributes{}; // at most a destination, a gateway, an interface: 20 + 20 + 8

    void add(unsigned short type, const void* bytes, std::size_t size) {
        const rtattr attribute{static_cast<unsigned short>(RTA_LENGTH(size)), type};
        char* const end = attributes.data() + (head.nlmsg_len - NLMSG_LENGTH(sizeof route));
        std::memcpy(end, &attribute, sizeof attribute);
        std::memcpy(end + sizeof attribute, bytes, size);
        head.nlmsg_len += static_cast<unsigned>(RTA_SPACE(size));
    }
};

// That of the stack: it makes one.
int interface_beside_loopback() {
    struct if_nameindex* const all = if_nameindex();
    int found = 0;
    if (all == nullptr) return found;
    for (const struct if_nameindex* one = all; one->if_index != 0; ++one)
        if (std::strcmp(one->if_name, "lo") != 0) found = static_cast<int>(one->if_index);
    if_freenameindex(all);
    return found;
}

// Sends, and takes the kernel's answer: 0, or what errno would be.
int answer_to(const Request& request) {
    const UniqueFd kernel(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (!kernel.valid() || send(kernel.get(), &request, request.head.nlmsg_len, 0) < 0) return errno;
    struct { nlmsghdr head; nlmsgerr error; std::array<char, 512> rest; } answer{};
    const ssize_t got = recv(kernel.get(), &answer, sizeof answer, 0);
    if (got < 0) return errno;
    if (got < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(nlmsgerr))) || answer.head.nlmsg_type != NLMSG_ERROR) return EPROTO;
    return -answer.error.error;
}

} // namespace

Result<void> add_route(const plan::Route& route) {
    const auto destination = base::address_of(route.destination), gateway = base::address_of(route.gateway);
    const int interface = interface_beside_loopback();
    const std::string name = "'" + route.destination + "/" + std::to_string(route.prefix) + (route.gateway.empty() ? "" : " via " + route.gateway) + "'";
    if (!destination || interface == 0) return base::Error{.what = "cannot add the route " + name, .code = ENODEV};
    Request request;
    request.head = {NLMSG_LENGTH(sizeof(rtmsg)), RTM_NEWROUTE, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, 1, 0};
    request.route.rtm_family = static_cast<unsigned char>(destination->family);
    request.route.rtm_dst_len = static_cast<unsigned char>(route.prefix);
    request.route.rtm_table = RT_TABLE_MAIN;
    request.route.rtm_protocol = RTPROT_STATIC;
    request.route.rtm_scope = gateway || destination->family == AF_INET6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
    request.route.rtm_type = RTN_UNICAST;
    request.add(RTA_DST, destination->bytes.data(), destination->bits() / 8);
    if (gateway) request.add(RTA_GATEWAY, gateway->bytes.data(), gateway->bits() / 8);
    request.add(RTA_OIF, &interface, sizeof interface);
    const int code = answer_to(request);
    if (code == 0) return {};
    base::Error error{.what = "cannot add the route " + name, .call = "RTM_NEWROUTE", .code = code};
    if (code == EEXIST) error.advice = "the stack has that route already: remove it";
    if (code == ENETUNREACH || code == EHOSTUNREACH || code == EINVAL) error.advice = "its gateway must be an address on the link of the sandbox";
    return error;
}

} // namespace helper
