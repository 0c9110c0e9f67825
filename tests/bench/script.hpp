#pragma once
// What the floor program does, as one flat list that is made beforehand: a step is a kind, two paths and a number. Nothing is
// parsed, looked up or checked by it: that is what makes it the floor.

#include <cstdint>

namespace bench {

enum class Kind : std::uint32_t { bind, device, tmpfs, proc, devpts, mqueue, folder, link, data, mask, read_only, filter, hostname };

struct Step {
    Kind kind;
    std::uint32_t flags;  ///< 1: read-only; 2: no execution; 4: recursive; 8: the target is a folder
    std::uint64_t size;   ///< of a tmpfs in bytes; of data and the filter
    std::uint32_t source; ///< where a text or the bytes begin in the file
    std::uint32_t target; ///< likewise
    std::uint32_t parents; ///< where the folders that must be made begin: texts, ended by an empty one
    std::uint32_t mode;
};

/// The head of the file; the steps follow, then the bytes that they name by their place in the file.
struct Head {
    std::uint32_t steps;
    std::uint32_t own_network; ///< 1: a network namespace of its own, its loopback up
};

} // namespace bench
