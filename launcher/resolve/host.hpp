#pragma once
// The facts of the host that resolve may ask for, and nothing else: with the same facts the same Profile gives the same
// Plan. The golden tests give invented facts; host_linux.cpp asks the machine, by probes, never by versions.

#include "launcher/base/path.hpp"
#include "launcher/base/result.hpp"
#include "launcher/plan/source.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resolve {

struct User {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::string name;  ///< from /etc/passwd, else $USER, else "user"
    std::string group; ///< from /etc/group, else the user's name
    base::HostPath home;
};

/// What the kernel can do, each found by trying it.
struct Kernel {
    std::uint64_t landlock_fs = 0;    ///< LANDLOCK_ACCESS_FS_* known to it; 0: no Landlock
    std::uint64_t landlock_scope = 0; ///< LANDLOCK_SCOPE_* known to it
};

/// The limit that stands now (getrlimit(2)); UINT64_MAX: infinity.
struct RlimitNow {
    std::uint64_t soft = UINT64_MAX;
    std::uint64_t hard = UINT64_MAX;
};

enum class FollowLinks { no, yes };

class Host {
public:
    virtual ~Host() = default;

    virtual User user() const = 0;
    virtual Kernel kernel() const = 0;

    /// The names of the caller's variables, in their order, and the value of one; nothing: it is not set.
    virtual std::vector<std::string> variables() const = 0;
    virtual std::optional<std::string> variable(std::string_view name) const = 0;

    /// What is at `path` now. With `yes`, links are followed and the canonical path comes back; with `no`, a link in any
    /// part is an error (ELOOP). Nothing there: an empty optional. Errors: EACCES and the like.
    virtual base::Result<std::optional<plan::Source>> look(const base::HostPath& path, FollowLinks links) const = 0;
    /// As look, for a path below `folder`, which never leaves it and follows no link (RESOLVE_BENEATH|NO_SYMLINKS).
    virtual base::Result<std::optional<plan::Source>> look_beneath(const base::HostPath& folder,
                                                                   std::string_view relative) const = 0;
    /// The text of a link itself; empty optional when `path` is no link.
    virtual std::optional<std::string> link_text(const base::HostPath& path) const = 0;
    /// Whether another user could have put that link there: its folder is sticky and everybody may write in it, and the link is
    /// neither the user's nor root's nor of the folder's owner. The kernel would not follow it either (proc_sys_fs(5),
    /// protected_symlinks). True as well when it cannot be told.
    virtual bool is_planted(const base::HostPath& link) const = 0;
    /// The bytes of a small file of the host (at most `limit`); empty optional when it is not there.
    virtual base::Result<std::optional<std::string>> read(const base::HostPath& path, std::size_t limit) const = 0;
    /// The paths that match a glob(7), sorted.
    virtual std::vector<base::HostPath> matches(const std::string& pattern) const = 0;
    /// Names in a folder, sorted; empty when it cannot be read.
    virtual std::vector<std::string> entries(const base::HostPath& folder) const = 0;

    /// A folder of ours below the user's data folder (homes/…), made with mode 0700 where it is missing, no link
    /// followed in any part (CVE-2024-42472). When the Plan is only printed nothing is made: inode 0 comes back.
    virtual base::Result<plan::Source> own_folder(const base::HostPath& base, std::string_view relative) = 0;

    /// RLIMIT_* by its number.
    virtual RlimitNow rlimit(std::uint32_t resource) const = 0;
    /// Which of the descriptors 0-2 are terminals.
    virtual std::array<bool, 3> terminals() const = 0;
    /// The current directory; empty when it cannot be told.
    virtual std::string cwd() const = 0;
    /// The folder of the programs of ours that run inside (the demo); it need not be there.
    virtual base::HostPath libexec() const = 0;
    /// Four random letters for the instance id.
    virtual std::string random_suffix() = 0;
};

/// The names in an environment of NAME=VALUE, and the value of one of them.
std::vector<std::string> names_of(const std::vector<std::string>& environment);
std::optional<std::string> value_of(const std::vector<std::string>& environment, std::string_view name);

} // namespace resolve
