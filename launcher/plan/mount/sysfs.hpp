#pragma once
// The device tree (sysfs(5)), read-only: needs a network namespace of our own, else EPERM.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Sysfs {
    static constexpr const char* kind = "sysfs";
    base::InsidePath target;
    base::Origin origin;

    bool operator==(const Sysfs&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"target", &Sysfs::target}, Field{"origin", &Sysfs::origin}};
    }
};

} // namespace plan
