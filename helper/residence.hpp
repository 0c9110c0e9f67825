#pragma once
// What stays in memory beside the app.

#include <span>
#include <poll.h>

namespace helper {

/// How long nothing has to happen before a process of ours rests: an app that ends at once is not kept waiting for pages.
constexpr int quiet_milliseconds = 1000;

/// Gives back freed heap and the pages of this program's code while there is nothing else to do: the end of a process takes longer
/// the more is mapped in it. What is touched comes back from the page cache (madvise(2), MADV_DONTNEED). Cannot fail in a way that matters.
void let_go_of_pages();

/// Gives back the heap of this process, for good: from here on nothing may be allocated, freed or read there. What the caller of
/// a start had in its environment goes with it, but for what was allocated outside of brk(2) (malloc(3): blocks of 128 KiB and more).
void drop_heap();

enum class Heap { trimmed, dropped };

/// Gives back the pages that only the start needed, and sleeps until one of `watched` is ready, as poll(2) does. Code and
/// constants come back from the page cache when they are touched again (madvise(2), MADV_DONTNEED), and of the stack only what
/// lies below the caller is dropped. `dropped`: drop_heap was called before, and there is no heap. Cannot fail in a way that
/// matters.
void rest(std::span<pollfd> watched, Heap heap);

} // namespace helper
