#pragma once
// The root by chroot(2), where the kernel refuses pivot_root(2) because the host's root is a ramfs, and the profile allows it.

#include "launcher/base/result.hpp"

namespace helper {

/// Makes the current directory, the new root stacked on "/", the root of this process and of those that it forks. Before that
/// every procfs and sysfs of the host is covered: they stay mounted below, and a whole one would let the kernel hand out
/// another. Nothing else of the host can be detached: what came with the mount namespace is locked together.
/// Errors: of the system; a mount table that cannot be read.
base::Result<void> change_root_by_chroot();

} // namespace helper
