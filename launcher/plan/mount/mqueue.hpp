#pragma once
// POSIX message queues (mq_overview(7)): needs an ipc namespace of our own, else EPERM.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Mqueue {
    static constexpr const char* kind = "mqueue";
    base::InsidePath target;
    base::Origin origin;

    bool operator==(const Mqueue&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"target", &Mqueue::target}, Field{"origin", &Mqueue::origin}};
    }
};

} // namespace plan
