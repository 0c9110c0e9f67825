#include "launcher/base/descriptors.hpp"

#include "launcher/base/sys.hpp"

#include <algorithm>
#include <vector>

namespace base {

int close_all_but(unsigned first, std::span<const int> kept) {
    std::vector<int> sorted(kept.begin(), kept.end());
    std::sort(sorted.begin(), sorted.end());
    for (const int file : sorted) {
        if (file < 0 || static_cast<unsigned>(file) < first) continue;
        const auto number = static_cast<unsigned>(file);
        if (first < number && sys::close_range(first, number - 1, 0) != 0) return -1;
        first = number + 1;
    }
    return sys::close_range(first, ~0U, 0);
}

} // namespace base
