#pragma once
// Programs beside the sandbox: started early, ready before the app runs, ended with it, whatever ends us. Each has no
// environment but its own, no new privileges and none of our descriptors.

#include "helper/exchange.hpp"
#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"

#include <sys/types.h>

namespace helper {

/// The descriptor by which it says that it is ready: its stdout, as some close every other. In its words "{ready-fd}" is
/// this number.
inline constexpr int ready_fd = 1;

/// It goes on when this object ends: its parent's death ends it.
class Sidecar {
public:
    /// Starts a sidecar of the Plan: in a user, mount, pid, ipc, uts and control group namespace of its own, mostly a network
    /// namespace as well, in a root made of its mounts alone, without capabilities, behind its filter. It dies with this process
    /// (PR_SET_PDEATHSIG). Here only the clone and the id maps take place; the rest goes on beside us, and its
    /// failure comes out of wait_ready. Its root is changed as the Plan says of the app's (root.no-pivot). Errors: of clone3(2), pipe(2), the id maps.
    static base::Result<Sidecar> start(const plan::Sidecar& wish, const plan::Plan& plan, const Exchange& exchange);

    /// Starts the user-mode network stack (pasta(1), slirp4netns(1)) for the namespaces of process `pid`, which it enters
    /// by itself. In its words "{pid}" is that number, "{ready}" a file that gets its process number and a newline when it is ready
    /// (pasta --pid), "{ready-fd}" a descriptor that gets the digit 1 instead (slirp4netns --ready-fd), "{exit-fd}" one
    /// that closes when it has to go. A guard of ours stays between: it ends the stack when we die, as entering the
    /// namespaces clears the parent-death signal. Errors: EACCES on /dev/net/tun, of fork(2) and pipe(2).
    static base::Result<Sidecar> start_stack(const plan::Network& network, pid_t pid);

    /// Waits until it says that it is ready. Errors: it said something else, or ended first, with what it lacked where that is known; ten seconds
    /// went by; a signal came on `signals` (EINTR), which is left unread.
    base::Result<void> wait_ready(const base::UniqueFd& signals);

    /// Readable when it has ended.
    const base::UniqueFd& process() const { return process_; }
    const std::string& name() const { return name_; }

private:
    enum class ReadyWord { any_byte, number, one };
    base::Result<void> check_word() const;
    base::Error own_word(base::Error otherwise) const;

    base::UniqueFd process_; ///< pidfd
    base::UniqueFd ready_;   ///< read end; it breaks for the sidecar when we are gone
    base::UniqueFd life_;    ///< of a stack: the guard ends it when this closes. Else: reports of what failed come here
    ReadyWord ready_word_ = ReadyWord::any_byte;
    std::string name_;
    std::string program_;
};

struct Pipe {
    base::UniqueFd read, write;
};
/// Close-on-exec. Errors: of pipe2(2).
base::Result<Pipe> make_pipe();

} // namespace helper
