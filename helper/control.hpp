#pragma once
// The control socket of a running instance: who connects is told the app's pidfd, and later how the app ended.
// SOCK_SEQPACKET in the record's folder; only the same user is answered (SO_PEERCRED, unix(7)), whatever it says of itself.

#include "launcher/base/event_loop.hpp"
#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"

#include <map>

namespace helper {

class Control {
public:
    /// Listens on `control` in `record`, beside everything else of `loop`. Errors: of socket(2), bind(2), listen(2).
    static base::Result<std::unique_ptr<Control>> listen(const base::UniqueFd& record, base::EventLoop& loop);

    /// The app runs: tells everyone who is connected, and who comes later. `app` stays the caller's.
    void running(int app);
    /// The app ended: its exit status, 128+N for signal N, and how many processes the kernel killed for the memory limit.
    /// Nothing is said after it.
    void ended(int status, std::uint32_t oom_kills);

private:
    explicit Control(base::EventLoop& loop) : loop_(loop) {}
    void accept_one();
    void tell(int client) const;

    base::EventLoop& loop_;
    base::UniqueFd socket_;
    std::map<int, base::UniqueFd> clients_;
    int app_ = -1;
};

} // namespace helper
