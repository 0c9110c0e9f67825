#pragma once
// Files that a further start shows in a sandbox that runs already. A clone of the host's file can only be made in a mount namespace
// where the host's files are, and only be attached by who has entered the sandbox: so a process in namespaces of its own makes it,
// detached and restricted, and hands it over (open_tree(2), SCM_RIGHTS, move_mount(2)). A file system that hangs holds the start up: there
// is no deadline.

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"

#include <vector>

namespace helper {

/// Before the sandbox is entered: a detached clone for each mount, which must be a bind, in their order. `item` counts along, and
/// is that of the one that failed. Errors: of fork(2) and unshare(2); as detached (helper/mount.hpp).
base::Result<std::vector<base::UniqueFd>> clone_further(const std::vector<plan::Mount>& mounts, int& item);

/// Inside: attaches each at its target FOLDER/N/NAME, where FOLDER is a tmpfs that was made at the start and cannot be written from
/// inside. Mount points are made in it through a view of it that nobody else has. What is there already is left. `clones` are those
/// of clone_further for the same `mounts`. The umask is 0 afterwards. Errors: FOLDER is not that; of move_mount(2).
base::Result<void> attach_further(const std::vector<plan::Mount>& mounts, std::vector<base::UniqueFd> clones, int& item);

} // namespace helper
