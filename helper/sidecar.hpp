#pragma once
// The user-mode network stack beside the sandbox (pasta(1), slirp4netns(1)): started once the namespaces stand, ready
// before the app runs, ended with it, whatever ends us.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"

#include <sys/types.h>

namespace helper {

class Sidecar {
public:
    /// Starts the program of the Plan for the namespaces of process `pid`, with no environment, no new privileges and none
    /// of our descriptors. In its words "{pid}" is that number, "{ready}" a file to write to when ready, "{ready-fd}" the
    /// same as a descriptor (its stdout), "{exit-fd}" one that closes when it has to go.
    /// A guard of ours stays between: it ends the stack when we die, even by SIGKILL (entering the namespaces clears the
    /// parent-death signal of the stack itself). Errors: EACCES on /dev/net/tun, of fork(2) and pipe(2).
    static base::Result<Sidecar> start(const plan::Network& network, pid_t pid);

    /// Waits until it says that it is ready. Errors: it ended first; ten seconds went by; a signal came on `signals`
    /// (EINTR), which is left unread.
    base::Result<void> wait_ready(const base::UniqueFd& signals);

    /// Readable when the stack has ended.
    const base::UniqueFd& guard() const { return guard_; }

private:
    base::UniqueFd guard_; ///< pidfd of the guard
    base::UniqueFd ready_; ///< read end
    base::UniqueFd life_;  ///< write end: the guard ends the stack when it closes
    std::string name_;
};

} // namespace helper
