#pragma once
// The birth of the inner half: one clone3(2) into every namespace at once.

#include "helper/exchange.hpp"
#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"

#include <csignal>
#include <span>
#include <sys/types.h>

namespace helper {

/// Signals are taken one by one from here on, so that none is lost between the clone and the loop.
struct Signals {
    base::UniqueFd taken; ///< a signalfd
    sigset_t before{};    ///< the mask that stood
};
/// Blocks all but faults. Errors: of sigprocmask(2) and signalfd(2).
base::Result<Signals> take_signals();

/// What the child is born with.
struct Parent {
    const base::UniqueFd& target; ///< of a guest; else not valid
    const Exchange& exchange;
    std::span<char> memory; ///< the caller's words and variables: the child overwrites its copy
    int group = -1;         ///< a control group that it is born in
    const base::UniqueFd* journal = nullptr; ///< of a detached start: the child leaves the caller's streams for it
};

struct Born {
    pid_t pid = -1;
    base::UniqueFd child;   ///< its pidfd
    base::UniqueFd channel; ///< the outer end
};

/// `plan` is checked. The child goes on as process 1 (run_init) and never returns; it waits for its id maps, and has nothing of the
/// caller's open but `target` and the descriptors that the Plan hands on. What `parent` refers to is not needed after. The caller
/// ends the child, by end(). Errors: of joining namespaces, which the caller of this is in from then on; of clone3(2).
base::Result<Born> give_birth(const plan::Plan& plan, const Parent& parent);

/// Writes the id maps and tells the child. Errors: of write_id_maps; the child is dead.
base::Result<void> map_ids(const plan::Plan& plan, const Born& born);

/// Ends the child and reaps it: how it ended, as waitpid(2) has it; SIGKILL where none was born.
int end(Born& born);

/// A detached app has none of its caller's streams: who reads them would wait for its end. Without a null device they stay.
void leave_streams(const base::UniqueFd& journal);

} // namespace helper
