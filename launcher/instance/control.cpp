#include "launcher/instance/control.hpp"

#include "launcher/plan/report.hpp"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace instance {
namespace {

using base::Error;
using base::Result;
using base::system_error;
using base::UniqueFd;

enum class Heard { notice, closed, late };

Result<Heard> hear(const UniqueFd& socket, plan::Notice& notice, UniqueFd& descriptor, int deadline) {
    pollfd watched{socket.get(), POLLIN, 0};
    int ready = 0;
    do ready = poll(&watched, 1, deadline);
    while (ready < 0 && errno == EINTR);
    if (ready == 0) return Heard::late;
    iovec part{&notice, sizeof notice};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = CMSG_LEN(sizeof(int)); // not the padding, into which a second one would fit
    const ssize_t got = recvmsg(socket.get(), &message, MSG_CMSG_CLOEXEC);
    if (got == 0 || (got < 0 && errno == ECONNRESET)) return Heard::closed;
    if (got < 0) return system_error("recvmsg", "cannot hear the supervisor");
    if (const cmsghdr* rights = CMSG_FIRSTHDR(&message); rights && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS) {
        int number = -1;
        std::memcpy(&number, CMSG_DATA(rights), sizeof number);
        descriptor.reset(number);
    }
    if (got != static_cast<ssize_t>(sizeof notice) || (message.msg_flags & MSG_TRUNC) != 0)
        return Error{.what = "the supervisor speaks another version", .code = EPROTO, .advice = "the program was replaced while the app ran: start the app anew"};
    return Heard::notice;
}

Error ended(const Instance& instance) {
    return Error{.what = "'" + instance.state.instance + "' has ended", .code = ESRCH, .advice = "sandbox ps lists what runs"};
}

} // namespace

Result<Connection> connect(const Instance& instance, int deadline) {
    Connection connection{UniqueFd(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)), {}};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = "/proc/self/fd/" + std::to_string(instance.record.get()) + "/control";
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const timeval patience{deadline / 1000, deadline % 1000 * 1000L}; // a supervisor that is stopped takes nobody (unix(7), socket(7))
    if (deadline > 0) (void)setsockopt(connection.socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience); // else it may take longer
    if (::connect(connection.socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        if (errno == ENOENT || errno == ECONNREFUSED) return ended(instance);
        if (errno == EAGAIN) return Error{.what = "'" + instance.state.instance + "' does not answer", .code = ETIMEDOUT, .advice = "is its supervisor stopped? sandbox state " + instance.state.instance + " names it"};
        return system_error("connect", "cannot reach the supervisor of '" + instance.state.instance + "'");
    }
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(connection.socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || peer.uid != geteuid())
        return Error{.what = "the control socket of '" + instance.state.instance + "' is another user's", .code = EPERM, .advice = "remove its folder in $XDG_RUNTIME_DIR/sandbox, and start the app anew"};
    plan::Notice notice;
    switch (TRY(hear(connection.socket, notice, connection.app, deadline))) {
    case Heard::late: return Error{.what = "'" + instance.state.instance + "' is not running yet", .code = ETIMEDOUT, .advice = "try again"};
    case Heard::closed: return ended(instance);
    case Heard::notice: break;
    }
    if (notice.kind != plan::NoticeKind::running || !connection.app.valid()) return ended(instance);
    return connection;
}

Result<End> wait_end(const Connection& connection, int deadline) {
    plan::Notice notice;
    UniqueFd unused;
    const Heard heard = TRY(hear(connection.socket, notice, unused, deadline));
    if (heard == Heard::late) return Error{.what = "it has not ended in that time", .code = ETIMEDOUT, .advice = "wait longer, or end it by sandbox kill"};
    return heard == Heard::closed ? End{137, 0} : End{notice.status, notice.oom_kills};
}

} // namespace instance
