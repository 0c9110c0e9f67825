#pragma once
// What stays in memory beside the app.

namespace helper {

/// Gives the pages of this program's own code back: what the start needed is not needed while the app runs, and the little
/// that is comes back from the page cache when it is touched (madvise(2), MADV_DONTNEED). Cannot fail in a way that matters.
void let_go_of_code();

} // namespace helper
