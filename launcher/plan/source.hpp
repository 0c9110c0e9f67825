#pragma once
// A file of the host that a Plan uses: its path and what was there when the Plan was made. The helper opens the path
// again without following any link and compares; a difference stops the launch (CVE-2026-34078).

#include "launcher/base/path.hpp"

#include <cstdint>

namespace plan {

enum class FileType { directory, regular, socket, fifo, character, block };

struct Source {
    base::HostPath path;      ///< canonical: no part of it is a link
    std::uint64_t device = 0; ///< st_dev; 0 with inode 0: not made yet (only in a Plan that is printed, never run)
    std::uint64_t inode = 0;  ///< st_ino
    FileType type = FileType::regular;
    std::uint64_t node = 0; ///< st_rdev of a character or block device, else 0

    bool operator==(const Source&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"path", &Source::path}, Field{"device", &Source::device},
                          Field{"inode", &Source::inode}, Field{"type", &Source::type}, Field{"node", &Source::node}};
    }
};

} // namespace plan

template <>
struct base::EnumNames<plan::FileType> {
    static constexpr std::array<std::string_view, 6> names{"directory", "regular", "socket",
                                                           "fifo",      "character", "block"};
};
