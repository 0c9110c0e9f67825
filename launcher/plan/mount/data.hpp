#pragma once
// A file whose bytes are in the Plan (generated /etc files, an X cookie), read-only inside.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Data {
    static constexpr const char* kind = "data";
    base::InsidePath target;
    std::string contents; ///< any bytes; shown by size only
    std::uint32_t mode = 0444;
    base::Origin origin;

    bool operator==(const Data&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"target", &Data::target}, Field{"contents", &Data::contents},
                          Field{"mode", &Data::mode, "permission bits"}, Field{"origin", &Data::origin}};
    }
};

} // namespace plan
