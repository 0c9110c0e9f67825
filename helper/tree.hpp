#pragma once
// The root under construction: a tmpfs of ours, stacked on "/" of the new mount namespace until the pivot. Everything is
// reached through descriptors of its folders; no link is ever followed, and a missing mount point is made only in a file
// system that we made ourselves (CVE-2024-45310, CVE-2026-87766: mount points made through an app's own tree).

#include "launcher/base/result.hpp"
#include "launcher/base/unique_fd.hpp"
#include "launcher/plan/plan.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace helper {

enum class Shape { folder, file };

class Tree {
public:
    /// Cuts this mount namespace off from the host's and mounts the root tmpfs. Errors: of mount(2), fsopen(2), move_mount(2).
    static base::Result<Tree> make(const plan::Root& root, const std::string& label);

    struct Folder {
        base::UniqueFd fd; ///< O_PATH
        bool ours = false; ///< in a file system that we made
    };

    /// The folder at an inside path, made with mode 0755 where it is missing and its parent is ours. The reference holds
    /// until the next attach. Errors: ELOOP (a link in the way), ENOENT (missing in a folder that is not ours), ENOTDIR.
    base::Result<const Folder*> folder(std::string_view path);

    /// What is at a path now: an O_PATH descriptor, invalid when nothing is there. Errors: as folder.
    base::Result<base::UniqueFd> look(std::string_view path);

    /// Attaches a detached mount; a missing mount point of that shape is made where the parent is ours.
    /// Errors: as folder; the mount point is a link or has the other shape; of move_mount(2).
    base::Result<void> attach(const base::UniqueFd& mount, const base::InsidePath& target, Shape shape);

    /// As attach, for a file system that we made: mount points may be made in it from now on.
    base::Result<void> attach_own(const base::UniqueFd& mount, const base::InsidePath& target);

    /// Something new lies over that path: what was known of it and below is dropped.
    void forget(std::string_view path);

    /// Makes the mount read-only when the tree is complete (see seal).
    void seal_later(base::UniqueFd mount) { sealed_.push_back(std::move(mount)); }
    /// Makes the root (if the plan says so) and all that was given to seal_later read-only.
    base::Result<void> seal(plan::Access root_access);

    /// Seals, makes the new root the root, and lets go of the old one: from here on no path of the host exists.
    base::Result<void> enter(const plan::Root& root);

    const base::UniqueFd& root() const { return root_; }

    /// One empty read-only folder, cloned over each masked folder: the first use mounts it.
    base::UniqueFd empty_folder;

private:
    bool is_ours(dev_t device) const;

    base::UniqueFd root_;
    std::vector<dev_t> ours_;
    std::map<std::string, Folder, std::less<>> folders_;
    std::vector<base::UniqueFd> sealed_;
};

/// A detached tmpfs, nosuid and nodev; `label` is the SELinux context of all in it, or empty. Errors: of fsopen(2),
/// fsconfig(2), fsmount(2).
base::Result<base::UniqueFd> fresh_tmpfs(std::uint64_t size, std::uint32_t inodes, std::uint32_t mode,
                                         plan::Execution execution, const std::string& label);

/// Sets the SELinux context of a file system that is being made; nothing where `label` is empty (mount(8), "context=").
base::Result<void> set_label(const base::UniqueFd& context, const std::string& label);

} // namespace helper
