#pragma once
// The id maps of the new user namespace, written by the outer half while the child waits (user_namespaces(7)).

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"

#include <sys/types.h>

namespace helper {

/// Writes setgroups, gid_map and uid_map of our child `pid`, through a /proc/PID folder that is opened once and proven to
/// be that child's: it is ours to reap, so its number cannot be another's, and `pidfd` says that it still runs. Ranges
/// beyond the caller's own ids go through newuidmap and newgidmap.
/// Errors: /proc is not a procfs; the child died; EPERM and the other errors of the map files; of the tools, which have ten seconds
/// each.
base::Result<void> write_id_maps(const plan::Ids& ids, pid_t pid, const base::UniqueFd& pidfd);

/// Whether the caller may write these maps: of its own ids alone.
bool needs_no_tool(const plan::Ids& ids);

} // namespace helper
