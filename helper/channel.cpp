#include "helper/channel.hpp"

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Result;
using base::system_error;
using base::UniqueFd;

union Control {
    cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

Result<void> send_bytes(const UniqueFd& end, const void* bytes, std::size_t size, int descriptor) {
    iovec part{const_cast<void*>(bytes), size};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    Control control{};
    if (descriptor >= 0) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        cmsghdr* rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof(int));
        std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    }
    for (;;) {
        // Without a descriptor a plain write(2) will do, which no filter of a profile can take away.
        const ssize_t sent = descriptor < 0 ? write(end.get(), bytes, size) : sendmsg(end.get(), &message, MSG_NOSIGNAL);
        if (sent == static_cast<ssize_t>(size)) return {};
        if (sent < 0 && errno == EINTR) continue;
        return system_error("sendmsg", "cannot talk to the other half of the helper");
    }
}

Result<Received> receive_bytes(const UniqueFd& end, void* bytes, std::size_t size, UniqueFd* descriptor, int flags) {
    iovec part{bytes, size};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    Control control{};
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_LEN(sizeof(int)); // not the padding, into which a second one would fit
    ssize_t got = -1;
    // That it ended without reading all that it was sent (ECONNRESET) is told once, before the last that it said itself.
    do got = recvmsg(end.get(), &message, flags | MSG_CMSG_CLOEXEC);
    while (got < 0 && (errno == EINTR || errno == ECONNRESET));
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Received::nothing;
    if (got == 0) return Received::closed;
    if (got < 0) return system_error("recvmsg", "cannot hear the other half of the helper");
    UniqueFd arrived;
    if (const cmsghdr* rights = CMSG_FIRSTHDR(&message);
        rights && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS) {
        int number = -1;
        std::memcpy(&number, CMSG_DATA(rights), sizeof number);
        arrived.reset(number);
    }
    if (got != static_cast<ssize_t>(size) || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0)
        return base::Error{.what = "cannot hear the other half of the helper", .call = "recvmsg", .code = EPROTO};
    if (descriptor) *descriptor = std::move(arrived);
    return Received::message;
}

void copy_text(char* to, std::size_t room, std::string_view text) {
    const std::size_t count = std::min(room - 1, text.size());
    std::memcpy(to, text.data(), count);
    to[count] = '\0';
}

} // namespace

Result<Channel> make_channel() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return system_error("socketpair", "cannot make the socket between the halves of the helper");
    return Channel{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

Result<void> send(const UniqueFd& end, const plan::Report& report, int descriptor) {
    return send_bytes(end, &report, sizeof report, descriptor);
}

Result<void> send(const UniqueFd& end, const plan::OrderMessage& order) {
    return send_bytes(end, &order, sizeof order, -1);
}

Result<void> send(const UniqueFd& end, const plan::Notice& notice, int descriptor) {
    return send_bytes(end, &notice, sizeof notice, descriptor);
}

Result<Received> receive(const UniqueFd& end, plan::Report& report, UniqueFd& descriptor, int flags) {
    return receive_bytes(end, &report, sizeof report, &descriptor, flags);
}

Result<Received> receive(const UniqueFd& end, plan::OrderMessage& order, int flags) {
    return receive_bytes(end, &order, sizeof order, nullptr, flags);
}

plan::Report failure(plan::Stage stage, int item, const base::Error& error) {
    plan::Report report{};
    report.kind = plan::ReportKind::failed;
    report.stage = stage;
    report.code = error.code;
    report.item = item;
    copy_text(report.call.data(), report.call.size(), error.call);
    copy_text(report.detail.data(), report.detail.size(), error.what + '\x1f' + error.advice);
    return report;
}

} // namespace helper
