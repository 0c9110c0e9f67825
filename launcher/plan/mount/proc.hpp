#pragma once
// The process file system of the new pid namespace (proc(5)): nosuid, nodev, noexec.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Proc {
    static constexpr const char* kind = "proc";
    base::InsidePath target;
    Access access = Access::read_write; ///< ro: no knob below it can be written by anyone
    base::Origin origin;

    bool operator==(const Proc&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"target", &Proc::target}, Field{"access", &Proc::access},
                          Field{"origin", &Proc::origin}};
    }
};

} // namespace plan
