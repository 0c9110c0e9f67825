#include "helper/network.hpp"

#include "launcher/base/unique_fd.hpp"

#include <cstring>
#include <net/if.h>
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

} // namespace helper
