#pragma once
// Landlock's rights on files (landlock(7)), made of the mounts.

#include "launcher/plan/plan.hpp"

#include <vector>

namespace resolve {

/// Of the rights that the kernel knows (LANDLOCK_ACCESS_FS_*) those that are denied where no rule allows them; 0 where the
/// kernel is too old for applications to live with it.
std::uint64_t landlock_handled(std::uint64_t kernel);

/// A rule for each mount that shows something, but for what a rule of a folder above it allows already, and one for a folder in which
/// there are only mounts that all show as much; sorted by path. The
/// mounts, the root and the terminal must be decided. `further`: what the files of further starts may be shown with (single.hpp).
std::vector<plan::LandlockRule> landlock_rules(const plan::Plan& plan, plan::Access further);

} // namespace resolve
