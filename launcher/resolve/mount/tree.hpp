#pragma once
// The list of mounts as it grows, with the one question that every stage asks of it: what stands where. It refuses early
// what the helper would refuse late: a mount point in a folder that is not ours, and a mount that would hide another.

#include "launcher/base/result.hpp"
#include "launcher/plan/mount.hpp"
#include "launcher/resolve/host.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace resolve {

class Tree {
public:
    explicit Tree(const Host& host) : host_(host) {}

    /// Adds `mount`, its target rewritten where our own links lead. What stands at exactly that target is replaced.
    /// Errors: it would hide a mount below it; it lies in a file; a mount point that is missing in a folder of the host.
    base::Result<void> place(plan::Mount mount);

    /// Adds a Mask or ReadOnly, its target rewritten as with place; nothing need be there. Errors: too many links.
    base::Result<void> restrict(plan::Mount mount);

    /// Whether a mount of any kind has exactly this target.
    bool has(std::string_view target) const;

    /// Every place inside where the canonical `path` of the host is in sight now.
    std::vector<base::InsidePath> places_of(const base::HostPath& path) const;

    /// The mount that decides at `path`: the deepest that covers it; nullptr: the root.
    const plan::Mount* ground_of(std::string_view path) const;

    /// Whether any mount stands on `path` or below it.
    bool holds(std::string_view path) const;

    /// Whether a mount on `target` would need a mount point that is missing in a folder of the host, where none is made. Errors:
    /// too many links; the folder cannot be looked at.
    base::Result<bool> lacks_point(const std::string& target) const;

    /// Where a path inside leads through the links that we make (/bin → usr/bin). Errors: too many links.
    base::Result<std::string> through_links(std::string target) const;

    const std::vector<plan::Mount>& mounts() const { return mounts_; }

private:
    base::Result<void> follow_links(plan::Mount& mount) const;
    base::Result<void> check_ground(const plan::Mount& mount, const std::string& target) const;

    const Host& host_;
    std::vector<plan::Mount> mounts_;
};

} // namespace resolve
