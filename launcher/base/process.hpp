#pragma once
// What identifies a process, from procfs. For records and for people: what acts on a process acts through its pidfd.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"

#include <cstdint>
#include <sys/types.h>

namespace base {

/// The number of the process that a pidfd stands for, as the reader's /proc counts (pidfd_open(2), fdinfo). Errors: ESRCH
/// when it has ended.
Result<pid_t> pid_of(const UniqueFd& pidfd);

/// When it started, in clock ticks since boot (proc_pid_stat(5), field 22). Errors: of open(2) and read(2).
Result<std::uint64_t> start_time(pid_t pid);

} // namespace base
