#pragma once
// The client of an instance's control socket (helper/control.hpp is its server).

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/instance/record.hpp"

namespace instance {

/// A connection to the supervisor, and what it has told. Identity is the kernel's (SO_PEERCRED), never a number in a file.
struct Connection {
    base::UniqueFd socket;
    base::UniqueFd app; ///< the app's pidfd
};

/// Connects and waits at most `deadline` milliseconds for the app to run. Errors: it has ended meanwhile (ESRCH); the
/// peer is not this user (EPERM); ETIMEDOUT.
base::Result<Connection> connect(const Instance& instance, int deadline);

struct End {
    int status = 0;
    std::uint32_t oom_kills = 0; ///< processes that the kernel killed for the memory limit
};

/// Waits, at most `deadline` milliseconds (-1: for ever), until the app has ended: its exit status; 137 when the supervisor
/// was killed and could not say. Errors: ETIMEDOUT.
base::Result<End> wait_end(const Connection& connection, int deadline);

} // namespace instance
