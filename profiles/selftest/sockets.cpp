// What listens on the host: the launcher laid baits, and the well-known sockets of a session are tried where they would be.

#include "profiles/selftest/row.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace selftest {
namespace {

int connected(const void* address, socklen_t size, int family, int type) {
    const int fd = socket(family, type | SOCK_CLOEXEC, 0);
    if (fd < 0) return errno;
    const timeval deadline{2, 0};
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
    const int code = connect(fd, static_cast<const sockaddr*>(address), size) == 0 ? 0 : errno;
    close(fd);
    return code;
}

int connected_unix(const std::string& name, bool abstract) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::size_t from = abstract ? 1 : 0;
    if (name.size() + from >= sizeof address.sun_path) return ENAMETOOLONG;
    std::memcpy(address.sun_path + from, name.data(), name.size());
    int code = ENOENT;
    for (const int type : {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM})
        if (code != 0) code = connected(&address, static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + from + name.size()), AF_UNIX, type);
    return code;
}

int connected_tcp(const std::string& port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::strtoul(port.c_str(), nullptr, 10)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connected(&address, sizeof address, AF_INET, SOCK_STREAM);
}

} // namespace

void try_sockets(const Baits& baits, Rows& rows) {
    for (const auto& [kind, value] : baits) {
        if (kind == "socket") rows.push_back(row(24, "connect:" + value, connected_unix(value, false)));
        if (kind == "abstract") rows.push_back(row(23, "abstract:" + value, connected_unix(value, true)));
        if (kind == "tcp") rows.push_back(row(34, "loopback:port " + value, connected_tcp(value)));
        if (kind == "variable") {
            const bool seen = std::getenv(value.c_str()) != nullptr;
            rows.push_back(row(37, "variable:" + value, seen ? 0 : ENOENT));
        }
        if (kind == "memory") {
            const int id = shmget(static_cast<key_t>(std::strtol(value.c_str(), nullptr, 10)), 0, 0);
            rows.push_back(row(24, "memory:System V key " + value, id >= 0 ? 0 : errno));
        }
    }
}

} // namespace selftest
