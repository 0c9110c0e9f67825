#pragma once
// A path made read-only with all below it. Not there: nothing to do.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct ReadOnly {
    static constexpr const char* kind = "read-only";
    base::InsidePath target;
    Presence presence = Presence::optional;
    base::Origin origin;

    bool operator==(const ReadOnly&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"target", &ReadOnly::target}, Field{"presence", &ReadOnly::presence},
                          Field{"origin", &ReadOnly::origin}};
    }
};

} // namespace plan
