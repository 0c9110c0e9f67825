#pragma once
// All descriptors of a process at once.

#include <span>

namespace base {

/// Closes every descriptor from `first` up, but for those in `kept` (a number below `first` or below 0 is passed over). 0, or -1
/// with errno of close_range(2).
int close_all_but(unsigned first, std::span<const int> kept);

} // namespace base
