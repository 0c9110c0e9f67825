#pragma once
// A device node of the host, cloned: mknod(2) is EPERM in a user namespace. nosuid, noexec.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Device {
    static constexpr const char* kind = "device";
    Source source; ///< its type is character or block, and its node number is compared
    base::InsidePath target;
    base::Origin origin;

    bool operator==(const Device&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"source", &Device::source}, Field{"target", &Device::target},
                          Field{"origin", &Device::origin}};
    }
};

} // namespace plan
