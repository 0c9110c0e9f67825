#include "launcher/session/relay.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <list>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace session {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

constexpr std::size_t most_waiting = 1U << 20; // above it nothing more is read for that side
constexpr std::size_t most_connections = 256;
constexpr std::size_t most_held = 160U << 20; // of all connections together, what a filter has not taken yet: a longest message, and some
constexpr std::size_t most_descriptors_held = std::size_t{4} * most_descriptors; // for one side

struct Connection {
    std::array<End, 2> ends; ///< client, server
    Filter filter;
    bool dead = false;
};

Result<UniqueFd> local_socket(const std::string& path, sockaddr_un& address) {
    if (path.size() >= sizeof address.sun_path) return Error{.what = "the path of a socket is too long", .code = ENAMETOOLONG, .advice = "set XDG_RUNTIME_DIR to a shorter path"};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    UniqueFd made(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!made.valid()) return system_error("socket", "cannot make a socket");
    return made;
}

// False: the end of the file, or an error.
bool receive(End& end) {
    std::array<char, 65536> bytes;
    iovec part{bytes.data(), bytes.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * most_descriptors)];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t got = recvmsg(end.socket.get(), &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        for (std::size_t at = 0; CMSG_LEN((at + 1) * sizeof(int)) <= header->cmsg_len; ++at) {
            int number = -1;
            std::memcpy(&number, CMSG_DATA(header) + at * sizeof(int), sizeof number);
            end.received.emplace_back(number);
        }
    }
    end.in.append(bytes.data(), static_cast<std::size_t>(got));
    return got > 0;
}

bool send(End& end) {
    while (!end.out.empty()) {
        Chunk& chunk = end.out.front();
        iovec part{chunk.bytes.data(), chunk.bytes.size()};
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * most_descriptors)] = {};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        if (!chunk.descriptors.empty()) {
            message.msg_control = control;
            message.msg_controllen = CMSG_SPACE(sizeof(int) * chunk.descriptors.size());
            cmsghdr* header = CMSG_FIRSTHDR(&message);
            header->cmsg_level = SOL_SOCKET;
            header->cmsg_type = SCM_RIGHTS;
            header->cmsg_len = CMSG_LEN(sizeof(int) * chunk.descriptors.size());
            for (std::size_t at = 0; at < chunk.descriptors.size(); ++at) {
                const int number = chunk.descriptors[at].get();
                std::memcpy(CMSG_DATA(header) + at * sizeof(int), &number, sizeof number);
            }
        }
        const ssize_t sent = sendmsg(end.socket.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN || errno == EINTR;
        chunk.descriptors.clear();
        end.waiting -= static_cast<std::size_t>(sent);
        chunk.bytes.erase(0, static_cast<std::size_t>(sent));
        if (chunk.bytes.empty()) end.out.pop_front();
    }
    return true;
}

void accept_one(const UniqueFd& listener, const std::string& server, const std::function<Filter()>& make_filter, std::list<Connection>& connections) {
    UniqueFd client(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client.valid() || connections.size() >= most_connections) return;
    sockaddr_un address{};
    auto other = local_socket(server, address);
    // A local socket connects at once, or not at all.
    if (!other || connect(other.value().get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return;
    Connection& made = connections.emplace_back();
    made.ends[0].socket = std::move(client);
    made.ends[1].socket = std::move(other).value();
    made.filter = make_filter();
}

void serve_one(Connection& connection, const pollfd* watched) {
    for (std::size_t side = 0; side < 2 && !connection.dead; ++side) {
        End& from = connection.ends[side];
        End& to = connection.ends[1 - side];
        bool open = true;
        if ((watched[side].revents & (POLLIN | POLLHUP | POLLERR)) != 0) open = receive(from);
        if (!connection.filter(side == 0 ? Side::client : Side::server, from, to) || !send(to) || !send(from) || !open) connection.dead = true;
        if (from.received.size() > most_descriptors_held) connection.dead = true;
    }
}

// Who begins long messages and does not end them, on many connections, makes us hold no more than one would.
void end_the_greedy(std::list<Connection>& connections) {
    const auto held = [](const Connection& one) { return one.ends[0].in.size() + one.ends[1].in.size(); };
    std::size_t all = 0;
    for (Connection& connection : connections) {
        if (connection.dead) continue;
        all += held(connection);
        if (all > most_held && held(connection) > most_waiting) connection.dead = true;
    }
}

} // namespace

Result<void> serve(const std::string& path, const std::string& server, const std::function<Filter()>& make_filter) {
    sockaddr_un address{};
    const UniqueFd listener = TRY(local_socket(path, address));
    if (bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return system_error("bind", "cannot name the socket");
    if (listen(listener.get(), 64) != 0) return system_error("listen", "cannot open the socket");
    if (write(1, "r", 1) != 1) return system_error("write", "cannot say that the socket is ready");
    std::list<Connection> connections;
    for (;;) {
        std::vector<pollfd> watched{{1, 0, 0}, {listener.get(), POLLIN, 0}};
        for (const Connection& connection : connections)
            for (std::size_t side = 0; side < 2; ++side) {
                const End& end = connection.ends[side];
                const bool room = connection.ends[1 - side].waiting < most_waiting && end.waiting < most_waiting;
                watched.push_back({end.socket.get(), static_cast<short>((room ? POLLIN : 0) | (end.out.empty() ? 0 : POLLOUT)), 0});
            }
        if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return system_error("poll", "cannot wait");
        if (watched[0].revents != 0) return {}; // nobody is there any more for whom this is done
        std::size_t at = 2;
        for (Connection& connection : connections) {
            serve_one(connection, &watched[at]);
            at += 2;
        }
        end_the_greedy(connections);
        connections.remove_if([](const Connection& connection) { return connection.dead; });
        if ((watched[1].revents & POLLIN) != 0) accept_one(listener, server, make_filter, connections);
    }
}

} // namespace session
