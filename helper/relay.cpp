#include "helper/relay.hpp"

#include "launcher/base/sys.hpp"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace helper {
namespace {

using base::Result;
using base::system_error;
using base::UniqueFd;

// A file description of our own: O_NONBLOCK on the shared one would change the caller's shell as well. A regular file is
// always ready, and opened anew it would be written from its beginning: it is only copied.
UniqueFd reopened(int fd, int flags) {
    struct stat status{};
    if (fstat(fd, &status) != 0 || !(S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode)))
        return UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, 3));
    UniqueFd own = base::sys::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), flags | O_NONBLOCK | O_NOCTTY);
    if (!own.valid()) own.reset(fcntl(fd, F_DUPFD_CLOEXEC, 3)); // a terminal of another user: blocking, but it works
    return own;
}

// Reads once and writes what it can. False: `to` is gone.
bool pump_out(Flow& flow) {
    while (flow.begin < flow.end) {
        const ssize_t count = write(flow.to, flow.buffer.data() + flow.begin, flow.end - flow.begin);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno == EAGAIN;
        flow.begin += static_cast<std::size_t>(count);
    }
    flow.begin = flow.end = 0;
    return true;
}

void pump_in(Flow& flow) {
    if (flow.ended || flow.end != 0) return;
    const ssize_t count = read(flow.from, flow.buffer.data(), flow.buffer.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) flow.ended = true; // EIO: the other side of a terminal is closed
    else flow.end = static_cast<std::size_t>(count);
}

} // namespace

Result<std::unique_ptr<Relay>> Relay::make(UniqueFd master, base::EventLoop& loop) {
    std::unique_ptr<Relay> relay(new Relay(loop));
    for (const int fd : {1, 2, 0})
        if (relay->terminal_ < 0 && isatty(fd) == 1) relay->terminal_ = fd;
    relay->in_ = reopened(0, O_RDONLY);
    relay->out_ = reopened(relay->terminal_ >= 0 ? relay->terminal_ : 1, O_WRONLY);
    if (!relay->in_.valid() || !relay->out_.valid()) return system_error("fcntl(F_DUPFD)", "cannot reach the caller's terminal");
    if (relay->terminal_ >= 0 && isatty(0) != 1) relay->input_.ended = true; // 0 was handed to the app itself
    relay->master_ = std::move(master);
    const int flags = fcntl(relay->master_.get(), F_GETFL);
    if (flags < 0 || fcntl(relay->master_.get(), F_SETFL, flags | O_NONBLOCK) != 0)
        return system_error("fcntl(F_SETFL)", "cannot use the sandbox's terminal");
    relay->input_.from = relay->in_.get();
    relay->input_.to = relay->output_.from = relay->master_.get();
    relay->output_.to = relay->out_.get();
    relay->resize();
    relay->enter_raw_mode();
    TRY(relay->watch());
    return relay;
}

Relay::~Relay() { leave_raw_mode(); }

Result<void> Relay::watch() {
    TRY(loop_.add(master_.get(), EPOLLIN, [this](std::uint32_t events) { move_output(events); move_input(0); }));
    // epoll refuses regular files: they are always ready.
    in_watchable_ = loop_.add(in_.get(), 0, [this](std::uint32_t events) { move_input(events); }).ok();
    out_watchable_ = loop_.add(out_.get(), 0, [this](std::uint32_t) { move_output(0); }).ok();
    interest_ = {0, 0, EPOLLIN};
    update_interest();
    return {};
}

void Relay::enter_raw_mode() {
    if (terminal_ < 0 || saved_ || tcgetpgrp(terminal_) != getpgrp()) return;
    termios before{};
    if (tcgetattr(terminal_, &before) != 0) return;
    termios raw = before;
    cfmakeraw(&raw);
    if (tcsetattr(terminal_, TCSADRAIN, &raw) == 0) saved_ = before;
    update_interest();
}

void Relay::leave_raw_mode() {
    if (!saved_) return;
    (void)tcsetattr(terminal_, TCSADRAIN, &*saved_); // a terminal that is gone needs no restoring
    saved_.reset();
}

void Relay::resize() {
    winsize size{};
    if (terminal_ >= 0 && ioctl(terminal_, TIOCGWINSZ, &size) == 0)
        (void)ioctl(master_.get(), TIOCSWINSZ, &size); // a size that cannot be had is no reason to stop
}

void Relay::move_input(std::uint32_t events) {
    if (!master_.valid()) return;
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 || (!in_watchable_ && input_.end == 0)) pump_in(input_);
    if (!pump_out(input_)) input_.ended = true;
    if (input_.ended && input_.end == 0 && terminal_ < 0) {
        const char end_of_transmission = 4; // what a person types for the end of the input (VEOF)
        if (in_.valid()) (void)!write(master_.get(), &end_of_transmission, 1);
    }
    if (input_.ended && in_.valid()) {
        if (in_watchable_) loop_.remove(in_.get());
        in_.reset();
        if (terminal_ == 0 || (terminal_ > 0 && isatty(terminal_) != 1)) return hang_up();
    }
    update_interest();
}

void Relay::move_output(std::uint32_t events) {
    if (!master_.valid()) return;
    if (events != 0) pump_in(output_);
    if (!pump_out(output_)) return hang_up();
    if (output_.ended && output_.end == 0) return hang_up(); // every terminal side inside is closed
    update_interest();
}

void Relay::update_interest() {
    if (!master_.valid()) return;
    const bool foreground = terminal_ < 0 || saved_.has_value() || tcgetpgrp(terminal_) == getpgrp();
    const std::array<std::uint32_t, 3> wanted{
        !input_.ended && input_.end == 0 && foreground ? EPOLLIN : 0U,
        output_.end != 0 ? EPOLLOUT : 0U,
        (output_.end == 0 && !output_.ended ? EPOLLIN : 0U) |
            (input_.end != 0 || (!in_watchable_ && !input_.ended) ? EPOLLOUT : 0U),
    };
    if (wanted[0] != interest_[0] && in_watchable_ && in_.valid()) (void)loop_.change(in_.get(), wanted[0]);
    if (wanted[1] != interest_[1] && out_watchable_) (void)loop_.change(out_.get(), wanted[1]);
    if (wanted[2] != interest_[2]) (void)loop_.change(master_.get(), wanted[2]);
    interest_ = wanted;
}

void Relay::drain() {
    if (!master_.valid()) return;
    // The app has ended: what it wrote is in the kernel's buffer, and a read that finds nothing means that it is all.
    for (int round = 0; round < 10'000; ++round) {
        pump_in(output_);
        if (output_.end == 0) return;
        pollfd ready{out_.get(), POLLOUT, 0};
        if (poll(&ready, 1, 1000) <= 0 || !pump_out(output_)) return;
    }
}

void Relay::hang_up() {
    if (!master_.valid()) return;
    loop_.remove(master_.get());
    if (in_.valid() && in_watchable_) loop_.remove(in_.get());
    if (out_watchable_) loop_.remove(out_.get());
    master_.reset();
}

} // namespace helper
