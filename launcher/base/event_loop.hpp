#pragma once
// One thread, one epoll(7): descriptors in, callbacks out. Level-triggered; write interest is set only while there is
// something to write.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace base {

class EventLoop {
public:
    using Callback = std::function<void(std::uint32_t events)>; ///< EPOLLIN | EPOLLOUT | EPOLLHUP | EPOLLERR …

    /// Errors: of epoll_create1(2).
    static Result<EventLoop> make();

    /// Watches `fd`, which must stay open until remove. Errors: EPERM for a regular file (always ready: do not watch it),
    /// EEXIST, and the others of epoll_ctl(2).
    Result<void> add(int fd, std::uint32_t events, Callback callback);
    /// Changes what is watched for. Errors: ENOENT.
    Result<void> change(int fd, std::uint32_t events);
    /// Stops watching. An event for it that was already fetched is dropped.
    void remove(int fd);

    /// Waits at most `milliseconds` (-1: for ever) and runs the callbacks of one batch of events.
    /// Returns how many ran. Errors: of epoll_wait(2) but EINTR.
    Result<int> wait(int milliseconds);

    /// Readable when something that is watched is ready (epoll(7)); it stays the loop's.
    int descriptor() const { return epoll_.get(); }

private:
    struct Watch {
        std::uint32_t generation = 0;
        std::shared_ptr<Callback> callback;
    };
    UniqueFd epoll_;
    std::map<int, Watch> watches_;
    std::uint32_t generation_ = 0;
};

} // namespace base
