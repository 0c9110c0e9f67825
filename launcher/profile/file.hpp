#pragma once
// The files of profiles, as bytes. A file is opened once and read through that descriptor.

#include "launcher/base/fields.hpp"
#include "launcher/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace profile {

/// How a file or folder stood when it was looked at; all zero: there was none. Written anew, renamed over or taken away,
/// it stands otherwise (inode(7): ctime cannot be set).
struct Standing {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::uint64_t modified = 0; ///< nanoseconds since 1970
    std::uint64_t changed = 0;  ///< likewise
    bool operator==(const Standing&) const = default;
    static constexpr auto fields() {
        using base::Field;
        return std::tuple{Field{"device", &Standing::device}, Field{"inode", &Standing::inode}, Field{"size", &Standing::size},
                          Field{"modified", &Standing::modified}, Field{"changed", &Standing::changed}};
    }
};

struct Looked {
    std::string path;
    Standing standing;
    static constexpr auto fields() {
        return std::tuple{base::Field{"path", &Looked::path}, base::Field{"standing", &Looked::standing}};
    }
};

/// How `path` stands now.
Standing standing_of(const std::string& path);

/// The way to the files, which remembers what it was asked for: a Profile depends on no other file.
class Files {
public:
    /// The bytes of the profile at `path`; nothing when there is no such file. Never waits on a pipe or a device.
    /// Errors: not a regular file, larger than file_limit, unreadable.
    base::Result<std::optional<std::string>> read(const std::string& path);

    /// The names in `folder` that end in ".toml", without that ending, in byte order; none when there is no such folder.
    /// Hidden files and an editor's backups are not profiles. Errors: a folder that cannot be read.
    base::Result<std::vector<std::string>> names_in(const std::string& folder);

    /// Every file and folder that was asked for, found or not; those of an error are left out.
    const std::vector<Looked>& looked() const { return looked_; }

private:
    std::vector<Looked> looked_;
};

} // namespace profile
