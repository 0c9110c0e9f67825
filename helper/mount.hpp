#pragma once
// What each kind of mount of a Plan does to the root under construction. One overload a kind; the list is std::visit's.

#include "helper/exchange.hpp"
#include "helper/tree.hpp"
#include "launcher/base/result.hpp"
#include "launcher/plan/mount.hpp"

namespace helper {

/// Things that later stages need of the mounts that they did not make themselves.
struct Landmarks {
    base::UniqueFd proc;     ///< the new procfs; invalid when the Plan has none
    base::UniqueFd proc_sys; ///< its sys/, opened before anything in it is covered
    base::UniqueFd devpts; ///< the new devpts; invalid when the Plan has none
    base::UniqueFd null;   ///< the null device of the host, verified
    std::string devpts_target;
};

struct Building {
    Tree& tree;
    Landmarks& landmarks;
    const plan::Ids& ids; ///< of the app, which owns the memory that it is given
    const Exchange& exchange;
    const std::string& label; ///< SELinux context of the file systems that are made; empty: the policy's own
};

// Errors of all: the system call that failed; a source that is not what the Plan saw (ESTALE); a mount point that is
// not there or has the wrong shape.
base::Result<void> apply(Building& building, const plan::Bind& mount);
base::Result<void> apply(Building& building, const plan::Tmpfs& mount);
base::Result<void> apply(Building& building, const plan::Proc& mount);
base::Result<void> apply(Building& building, const plan::Sysfs& mount);
base::Result<void> apply(Building& building, const plan::Devpts& mount);
base::Result<void> apply(Building& building, const plan::Mqueue& mount);
base::Result<void> apply(Building& building, const plan::Overlay& mount);
base::Result<void> apply(Building& building, const plan::Symlink& mount);
base::Result<void> apply(Building& building, const plan::Data& mount);
base::Result<void> apply(Building& building, const plan::Directory& mount);
base::Result<void> apply(Building& building, const plan::Device& mount);
base::Result<void> apply(Building& building, const plan::Mask& mount);
base::Result<void> apply(Building& building, const plan::ReadOnly& mount);
base::Result<void> apply(Building& building, const plan::Exchange& mount);

/// All of them, in their order; `item` counts along from -1, and is that of the one that failed.
base::Result<void> apply_all(Building& building, const std::vector<plan::Mount>& mounts, int& item);

/// What a bind shows, with all of its restrictions, attached nowhere yet. Errors: as apply, but for the mount point.
base::Result<base::UniqueFd> detached(const plan::Bind& mount);
/// The mount point that a source of that type wants: a folder for a folder, else a file.
Shape shape_of(plan::FileType type);

/// The null device of the host, proven to be the null device (CVE-2025-31133). Opened before any content of an app is
/// in sight. Errors: not there, another node.
base::Result<base::UniqueFd> verified_null();

} // namespace helper
