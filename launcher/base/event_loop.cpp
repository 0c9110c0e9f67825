#include "launcher/base/event_loop.hpp"

#include <array>
#include <cerrno>
#include <sys/epoll.h>

namespace base {

Result<EventLoop> EventLoop::make() {
    EventLoop loop;
    loop.epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
    if (!loop.epoll_.valid()) return system_error("epoll_create1", "cannot make the event loop");
    return loop;
}

Result<void> EventLoop::add(int fd, std::uint32_t events, Callback callback) {
    const std::uint32_t generation = ++generation_;
    epoll_event event{};
    event.events = events;
    // The generation tells a stale event from one of a new descriptor with the same number.
    event.data.u64 = static_cast<std::uint64_t>(generation) << 32 | static_cast<std::uint32_t>(fd);
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return system_error("epoll_ctl", "cannot watch a descriptor");
    watches_[fd] = Watch{generation, std::make_shared<Callback>(std::move(callback))};
    return {};
}

Result<void> EventLoop::change(int fd, std::uint32_t events) {
    const auto watch = watches_.find(fd);
    if (watch == watches_.end()) return Error{.what = "cannot change what is not watched", .code = ENOENT};
    epoll_event event{};
    event.events = events;
    event.data.u64 = static_cast<std::uint64_t>(watch->second.generation) << 32 | static_cast<std::uint32_t>(fd);
    if (epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) != 0)
        return system_error("epoll_ctl", "cannot change what is watched");
    return {};
}

void EventLoop::remove(int fd) {
    // Fails only when the descriptor was closed before, and then the kernel has removed it by itself.
    (void)epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    watches_.erase(fd);
}

Result<int> EventLoop::wait(int milliseconds) {
    std::array<epoll_event, 16> events;
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), milliseconds);
    if (count < 0 && errno == EINTR) return 0;
    if (count < 0) return system_error("epoll_wait", "cannot wait for events");
    int ran = 0;
    for (int index = 0; index < count; ++index) {
        const epoll_event& event = events[static_cast<std::size_t>(index)];
        const auto watch = watches_.find(static_cast<int>(event.data.u64 & UINT32_MAX));
        if (watch == watches_.end() || watch->second.generation != event.data.u64 >> 32) continue;
        const std::shared_ptr<Callback> callback = watch->second.callback; // it may remove itself
        (*callback)(event.events);
        ++ran;
    }
    return ran;
}

} // namespace base
