#pragma once
// A hidden path: an empty read-only folder, or the null device, over it. Not there: nothing to hide.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Mask {
    static constexpr const char* kind = "mask";
    base::InsidePath target;
    Presence presence = Presence::optional;
    base::Origin origin;

    bool operator==(const Mask&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"target", &Mask::target}, Field{"presence", &Mask::presence},
                          Field{"origin", &Mask::origin}};
    }
};

} // namespace plan
