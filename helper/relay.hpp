#pragma once
// Between the caller's terminal and the sandbox's: bytes both ways, window size, raw mode.

#include "launcher/base/event_loop.hpp"
#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <termios.h>

namespace helper {

/// Bytes on their way from one descriptor to another, never more than one buffer full (CVE-2022-31030).
struct Flow {
    int from = -1;
    int to = -1;
    std::array<char, 16384> buffer{};
    std::size_t begin = 0;
    std::size_t end = 0;
    bool ended = false; ///< `from` has no more
};

class Relay {
public:
    /// Takes the master over. The caller's terminal is the first of 1, 2, 0 that is one; without any, input comes from 0
    /// and output goes to 1. Errors: of open(2) and fcntl(2).
    static base::Result<std::unique_ptr<Relay>> make(base::UniqueFd master, base::EventLoop& loop);
    ~Relay();

    /// Raw mode, if the caller's process group is in the foreground of its terminal; else when it comes there.
    void enter_raw_mode();
    void leave_raw_mode();
    /// The caller's window size to the sandbox (ioctl_tty(2) TIOCSWINSZ).
    void resize();
    /// What the app wrote before it ended, out to the caller; waits at most a second for a caller that does not read.
    void drain();
    /// The caller's terminal is gone: the app's side gets SIGHUP.
    void hang_up();
    /// Whether the terminal, the caller's or the sandbox's, is gone.
    bool hung_up() const { return !master_.valid(); }

    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

private:
    explicit Relay(base::EventLoop& loop) : loop_(loop) {}
    base::Result<void> watch();
    void move_input(std::uint32_t events);
    void move_output(std::uint32_t events);
    void update_interest();

    base::EventLoop& loop_;
    base::UniqueFd master_;
    base::UniqueFd in_;  ///< the caller's input, opened anew so that O_NONBLOCK is ours alone; else a copy of 0
    base::UniqueFd out_; ///< the caller's output
    int terminal_ = -1;  ///< a descriptor of the caller's terminal, or -1
    Flow input_;
    Flow output_;
    bool in_watchable_ = true;
    bool out_watchable_ = true;
    std::optional<termios> saved_;
    std::array<std::uint32_t, 3> interest_{}; ///< of in, out, master
};

} // namespace helper
