#pragma once
// An empty folder in a file system that we made.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Directory {
    static constexpr const char* kind = "directory";
    base::InsidePath target;
    std::uint32_t mode = 0755;
    base::Origin origin;

    bool operator==(const Directory&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"target", &Directory::target}, Field{"mode", &Directory::mode, "permission bits"},
                          Field{"origin", &Directory::origin}};
    }
};

} // namespace plan
