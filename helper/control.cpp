#include "helper/control.hpp"

#include "helper/channel.hpp"

#include <cerrno>
#include <cstring>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Result;
using base::system_error;
using base::UniqueFd;

constexpr std::size_t most_clients = 64; // verbs that wait; more are turned away, not queued

} // namespace

Result<std::unique_ptr<Control>> Control::listen(const UniqueFd& record, base::EventLoop& loop) {
    std::unique_ptr<Control> control(new Control(loop));
    control->socket_.reset(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!control->socket_.valid()) return system_error("socket", "cannot make the control socket");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // By descriptor: the folder's own path may be longer than an address can be.
    const std::string path = "/proc/self/fd/" + std::to_string(record.get()) + "/control";
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    if (bind(control->socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return system_error("bind", "cannot name the control socket");
    if (::listen(control->socket_.get(), 16) != 0) return system_error("listen", "cannot open the control socket");
    TRY(loop.add(control->socket_.get(), EPOLLIN, [self = control.get()](std::uint32_t) { self->accept_one(); }));
    return control;
}

void Control::accept_one() {
    UniqueFd client(accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    ucred peer{};
    socklen_t size = sizeof peer;
    // One that cannot be taken would come back at once, for ever: then nobody is answered any more.
    if (!client.valid() && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) loop_.remove(socket_.get());
    if (!client.valid() || clients_.size() >= most_clients ||
        getsockopt(client.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.uid != geteuid())
        return;
    const int number = client.get();
    // Whatever a client sends, or that it hung up: it is let go.
    const auto leave = [this, number](std::uint32_t) {
        loop_.remove(number);
        clients_.erase(number);
    };
    if (!loop_.add(number, EPOLLIN, leave)) return;
    clients_.emplace(number, std::move(client));
    if (app_ >= 0) tell(number);
}

void Control::tell(int client) const {
    (void)send(clients_.at(client), plan::Notice{plan::NoticeKind::running}, app_); // who does not read is not waited for
}

void Control::running(int app) {
    app_ = app;
    for (const auto& [number, client] : clients_) tell(number);
}

void Control::ended(int status, std::uint32_t oom_kills) {
    for (const auto& [number, client] : clients_) (void)send(client, plan::Notice{plan::NoticeKind::ended, status, oom_kills}, -1);
}

} // namespace helper
