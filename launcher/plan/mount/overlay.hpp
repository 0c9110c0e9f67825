#pragma once
// Folders on top of each other (overlayfs, in the user namespace: Linux 5.11).

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Overlay {
    static constexpr const char* kind = "overlay";
    std::vector<Source> lower; ///< the topmost first; read only
    Source upper;              ///< where changes go; inode 0: into memory, gone at the end
    Source work;               ///< an empty folder on upper's file system
    base::InsidePath target;
    base::Origin origin;

    bool operator==(const Overlay&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"lower", &Overlay::lower}, Field{"upper", &Overlay::upper},
                          Field{"work", &Overlay::work}, Field{"target", &Overlay::target},
                          Field{"origin", &Overlay::origin}};
    }
};

} // namespace plan
