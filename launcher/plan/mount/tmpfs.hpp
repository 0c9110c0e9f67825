#pragma once
// Fresh memory (tmpfs(5)), bounded in bytes and in files.

#include "launcher/base/origin.hpp"
#include "launcher/base/path.hpp"
#include "launcher/plan/access.hpp"
#include "launcher/plan/source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plan {

struct Tmpfs {
    static constexpr const char* kind = "tmpfs";
    base::InsidePath target;
    std::uint64_t size = 0;   ///< bytes; never 0 in a checked Plan: no tmpfs is unbounded
    std::uint32_t inodes = 0; ///< files and folders; never 0 in a checked Plan
    std::uint32_t mode = 0755;
    Access access = Access::read_write; ///< ro: made read-only once the mounts below it stand
    Execution execution = Execution::denied;
    base::Origin origin;

    bool operator==(const Tmpfs&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"target", &Tmpfs::target},       Field{"size", &Tmpfs::size, "bytes"},
                          Field{"inodes", &Tmpfs::inodes},       Field{"mode", &Tmpfs::mode, "permission bits"},
                          Field{"access", &Tmpfs::access},       Field{"execution", &Tmpfs::execution},
                          Field{"origin", &Tmpfs::origin}};
    }
};

} // namespace plan
