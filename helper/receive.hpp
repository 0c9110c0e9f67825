#pragma once
// What the launcher hands over: descriptors, named by number in the arguments.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"

#include <span>

namespace helper {

struct Start {
    plan::Plan plan;
    base::UniqueFd record; ///< the folder of the instance's record, locked; not valid: there is none
    base::UniqueFd cgroup; ///< the folder of the scope, or of a group that is ours to write; a guest: the app's leaf
    base::UniqueFd target; ///< a guest: the pidfd of an app that runs, whose sandbox is joined
    base::UniqueFd notify; ///< a pipe that is told by one byte that the app runs; then nobody reads our streams any more
    base::UniqueFd journal; ///< what then takes the place of stdout and stderr; not valid: the null device
    std::span<char> memory; ///< the caller's words and variables, of which process 1 is to know nothing; empty: it was started with none
};

/// `words`: PLAN [RECORD CGROUP TARGET NOTIFY JOURNAL], numbers or "-". The plan is decoded and checked. Errors: not started by
/// sandbox(1); the file is not sealed (F_GET_SEALS); of plan::decode and plan::check.
base::Result<Start> receive_start(std::span<char* const> words);

} // namespace helper
